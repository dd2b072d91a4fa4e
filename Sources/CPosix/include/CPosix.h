// What the event loop needs of Linux and Swift cannot call by itself: epoll, eventfd, socket addresses, a thread-local pointer.
// Functions that can fail return a negative errno.
#ifndef CPOSIX_H
#define CPOSIX_H

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// MARK: - Waiting

enum {
  CPOSIX_READABLE = EPOLLIN,
  CPOSIX_WRITABLE = EPOLLOUT,
  CPOSIX_PEER_CLOSED = EPOLLRDHUP,
  CPOSIX_HUNG_UP = EPOLLHUP,
  CPOSIX_FAILED = EPOLLERR,
};

typedef struct {
  uint64_t token;
  uint32_t events;
} cposix_event;

int cposix_epoll_create(void);
int cposix_epoll_add(int epoll, int fd, uint32_t events, uint64_t token);
int cposix_epoll_change(int epoll, int fd, uint32_t events, uint64_t token);
int cposix_epoll_remove(int epoll, int fd);
// Waits for at most `milliseconds` (-1: for ever); an interruption by a signal counts as no event.
int cposix_epoll_wait(int epoll, cposix_event *events, int capacity, int milliseconds);
int cposix_eventfd_create(void);
void cposix_eventfd_signal(int fd);
void cposix_eventfd_clear(int fd);

// MARK: - Sockets

typedef struct {
  struct sockaddr_storage storage;
  socklen_t length;
} cposix_address;

// Addresses of a host, at most `capacity`; `passive` for listening, where an empty host means all interfaces. `numeric` never asks
// a name server. Returns their number, or the negated EAI_ code of getaddrinfo minus 10000.
int cposix_resolve(const char *host, uint16_t port, int passive, int numeric, cposix_address *addresses, int capacity);
// Words for a negative result of cposix_resolve.
const char *cposix_resolve_error(int code);
// Writes `host` without brackets, and returns the port.
uint16_t cposix_address_text(const cposix_address *address, char *text, int capacity);

void cposix_set_port(cposix_address *address, uint16_t port);
int cposix_listen(const cposix_address *address, int backlog);
// The port a listening socket is bound to.
int cposix_bound_port(int fd);
int cposix_accept(int fd, cposix_address *peer);
// Starts a non-blocking connect; -EINPROGRESS never appears: the socket becomes writable when it is done.
int cposix_connect(const cposix_address *address);
// The pending error of a socket: 0, or an errno (positive).
int cposix_socket_error(int fd);
int cposix_set_no_delay(int fd);
// Non-blocking; -EAGAIN when nothing is there.
ssize_t cposix_receive(int fd, void *octets, size_t count);
// Non-blocking and without SIGPIPE.
ssize_t cposix_send(int fd, const void *octets, size_t count);
void cposix_shut_down_sending(int fd);
void cposix_close(int fd);
const char *cposix_error_text(int code);

// MARK: - Threads and time

// A pointer of the calling thread's own: which event loop it runs.
void *cposix_current(void);
void cposix_set_current(void *value);
// Starts a detached thread with a name of at most 15 octets.
int cposix_start_thread(const char *name, void *(*body)(void *), void *argument);

// Lets the process keep up to 8 MiB of freed memory for each of its arenas, and blocks of up to 4 MiB in them. By itself the C library
// gives the memory of one message back before the next one comes, which the system then has to map and to clear again, page by page.
void cposix_keep_freed_memory(void);

static inline uint64_t cposix_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// MARK: - Files

// Lets the octets of a file that are only in memory go to the disk, without waiting for it.
void cposix_begin_writing(int fd);

#endif
