#define _GNU_SOURCE
#include "CPosix.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static inline int result(int value) { return value < 0 ? -errno : value; }

int cposix_epoll_create(void) { return result(epoll_create1(EPOLL_CLOEXEC)); }

int cposix_epoll_add(int epoll, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int cposix_epoll_change(int epoll, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return result(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event));
}

int cposix_epoll_remove(int epoll, int fd) { return result(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL)); }

int cposix_epoll_wait(int epoll, cposix_event *events, int capacity, int milliseconds) {
  struct epoll_event found[64];
  if (capacity > 64) capacity = 64;
  int count = epoll_wait(epoll, found, capacity, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    events[i].token = found[i].data.u64;
    events[i].events = found[i].events;
  }
  return count;
}

int cposix_eventfd_create(void) { return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

void cposix_eventfd_signal(int fd) {
  uint64_t one = 1;
  ssize_t written = write(fd, &one, sizeof one);
  (void)written;
}

void cposix_eventfd_clear(int fd) {
  uint64_t count;
  ssize_t got = read(fd, &count, sizeof count);
  (void)got;
}

int cposix_resolve(const char *host, uint16_t port, int passive, int numeric, cposix_address *addresses, int capacity) {
  struct addrinfo hints = {0}, *list = NULL;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0) | (numeric ? AI_NUMERICHOST : 0);
  char service[8];
  snprintf(service, sizeof service, "%u", port);
  int code = getaddrinfo(host && *host ? host : NULL, service, &hints, &list);
  if (code) return code < 0 ? code - 10000 : -code - 10000;
  int count = 0;
  for (struct addrinfo *entry = list; entry && count < capacity; entry = entry->ai_next) {
    if (entry->ai_addrlen > sizeof addresses[count].storage) continue;
    memcpy(&addresses[count].storage, entry->ai_addr, entry->ai_addrlen);
    addresses[count].length = entry->ai_addrlen;
    count++;
  }
  freeaddrinfo(list);
  return count;
}

const char *cposix_resolve_error(int code) { return gai_strerror(code + 10000); }

uint16_t cposix_address_text(const cposix_address *address, char *text, int capacity) {
  text[0] = 0;
  if (address->storage.ss_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address->storage;
    inet_ntop(AF_INET, &v4->sin_addr, text, (socklen_t)capacity);
    return ntohs(v4->sin_port);
  }
  if (address->storage.ss_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address->storage;
    if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
      inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text, (socklen_t)capacity);
    } else {
      inet_ntop(AF_INET6, &v6->sin6_addr, text, (socklen_t)capacity);
    }
    return ntohs(v6->sin6_port);
  }
  return 0;
}

void cposix_set_port(cposix_address *address, uint16_t port) {
  if (address->storage.ss_family == AF_INET) ((struct sockaddr_in *)&address->storage)->sin_port = htons(port);
  if (address->storage.ss_family == AF_INET6) ((struct sockaddr_in6 *)&address->storage)->sin6_port = htons(port);
}

static int closing(int fd) {
  int error = errno;
  close(fd);
  return -error;
}

int cposix_listen(const cposix_address *address, int backlog) {
  int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  // A socket for both families would refuse the other listener on the same port.
  if (address->storage.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  if (bind(fd, (const struct sockaddr *)&address->storage, address->length) < 0) return closing(fd);
  if (listen(fd, backlog) < 0) return closing(fd);
  return fd;
}

int cposix_bound_port(int fd) {
  cposix_address address = {0};
  address.length = sizeof address.storage;
  if (getsockname(fd, (struct sockaddr *)&address.storage, &address.length) < 0) return -errno;
  char text[INET6_ADDRSTRLEN];
  return cposix_address_text(&address, text, sizeof text);
}

int cposix_accept(int fd, cposix_address *peer) {
  peer->length = sizeof peer->storage;
  return result(accept4(fd, (struct sockaddr *)&peer->storage, &peer->length, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

int cposix_connect(const cposix_address *address) {
  int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  if (connect(fd, (const struct sockaddr *)&address->storage, address->length) < 0 && errno != EINPROGRESS) return closing(fd);
  return fd;
}

int cposix_socket_error(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

int cposix_set_no_delay(int fd) {
  int one = 1;
  return result(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
}

ssize_t cposix_receive(int fd, void *octets, size_t count) {
  ssize_t got = recv(fd, octets, count, MSG_DONTWAIT);
  return got < 0 ? -errno : got;
}

ssize_t cposix_send(int fd, const void *octets, size_t count) {
  ssize_t sent = send(fd, octets, count, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}

void cposix_shut_down_sending(int fd) { shutdown(fd, SHUT_WR); }

void cposix_close(int fd) { close(fd); }

const char *cposix_error_text(int code) { return strerrordesc_np(code); }

static _Thread_local void *current;
void *cposix_current(void) { return current; }
void cposix_set_current(void *value) { current = value; }

int cposix_start_thread(const char *name, void *(*body)(void *), void *argument) {
  pthread_t thread;
  int error = pthread_create(&thread, NULL, body, argument);
  if (error) return -error;
  pthread_setname_np(thread, name);
  pthread_detach(thread);
  return 0;
}

void cposix_begin_writing(int fd) { sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); }

void cposix_keep_freed_memory(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}
