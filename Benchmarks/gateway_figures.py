"""The figures of the gateway: `xml.validated` (MB/s from file to mapped record, beside xmllint on the same file and schema),
`gateway.10k` (documents of 10 KiB a second, stored and mapped, by one server and several clients on this machine) and
`gateway.attacks` (how long the slowest refusal of a hostile document takes, from its first byte sent to the answer's last),
`gateway.attacks.memory` (by how much one of them makes the server's memory grow) and `gateway.gigabyte` (by how much a document of 1 GB
does, every item of which is stored)."""
import contextlib, json, os, pathlib, re, socket, sqlite3, subprocess, sys, tempfile, threading, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESSERA = ROOT / ".build/release/tessera"
SCHEMA = ROOT / "Adapters/U8EAI/Schemas/inventory.xsd"
HEAD = ('<?xml version="1.0" encoding="utf-8"?>\n<ufinterface roottag="inventory" docid="{}" receiver="u8" sender="001" proc="Add" '
        'codeexchanged="N" exportneedexch="N" version="2.0">\n')
ITEM = """  <inventory>
    <header>
      <code>VAL-{0}</code><name>闸阀 DN{0}</name><specs>DN{0} PN16, flanged, grey cast iron, hand wheel</specs><sort_code></sort_code>
      <unitgroup_code>01</unitgroup_code><main_measure></main_measure>
      <sale_flag>1</sale_flag><purchase_flag>0</purchase_flag><selfmake_flag>1</selfmake_flag>
      <tax_rate>13</tax_rate><ref_sale_price>{1}.50</ref_sale_price><start_date>2026-01-01</start_date>
    </header>
    <body><entry><invcode>VAL-{0}</invcode></entry></body>
  </inventory>
"""
CORPUS = pathlib.Path(os.environ.get("TESSERA_CORPUS", ROOT / "../shared/data")) / "xml-attack/payloads"
DOCUMENT_BYTES = 10 << 10
# As many as a document may have; of about 10 kB each, they are a gigabyte.
CUSTOMERS = 100_000
DOCUMENTS = 2_000
CLIENTS = 8


def document(number, size, first):
    """A document of about `size` bytes, and the number of its items."""
    parts, length, count = [HEAD.format(number)], 0, 0
    while length < size:
        item = ITEM.format(first + count, 100 + count % 900)
        parts.append(item)
        length += len(item.encode())
        count += 1
    return "".join(parts + ["</ufinterface>\n"]), count


def validated(report, runs, megabytes=50):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "catalogue.xml"
        text, count = document(1, megabytes << 20, 0)
        path.write_text(text)
        size = path.stat().st_size / 1e6
        ours, theirs = [], []
        for _ in range(runs):
            answer = json.loads(subprocess.run([TESSERA, "documents", "check", path, "--type", "ufinterface", "--json"],
                                               check=True, capture_output=True, text=True).stdout)
            if answer["mapped"] != count:
                sys.exit(f"bench: {answer['mapped']} items are mapped, not {count}")
            ours.append(size / (answer["milliseconds"] / 1e3))
            start = time.monotonic()
            subprocess.run(["xmllint", "--stream", "--noout", "--schema", SCHEMA, path], check=True, capture_output=True)
            theirs.append(size / (time.monotonic() - start))
    report("xml.validated", "MB/s", ours, "xmllint --stream --schema", theirs)


class Client(threading.Thread):
    """Sends its documents one after the other over one connection."""

    def __init__(self, address, token, documents):
        super().__init__()
        self.address, self.token, self.documents, self.refused = address, token, documents, 0

    def run(self):
        with socket.create_connection(self.address) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for body in self.documents:
                head = (f"POST /eai HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n"
                        f"Content-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n")
                connection.sendall(head.encode() + body)
                self.refused += self.answer(connection) != 200

    @staticmethod
    def answer(connection):
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        missing = int(re.search(rb"(?i)content-length: (\d+)", head).group(1)) - len(body)
        while missing > 0:
            missing -= len(connection.recv(65536))
        return int(head.split()[1])


class Memory:
    """By how many MB a process grows at most, from when one begins to look."""

    def __init__(self, pid):
        self.pid = pid

    def begin(self):
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        self.before = self.read("VmRSS")

    def grown(self):
        return (self.read("VmHWM") - self.before) / 1024

    def read(self, name):
        return int(re.search(rf"{name}:\s+(\d+) kB", pathlib.Path(f"/proc/{self.pid}/status").read_text()).group(1))


@contextlib.contextmanager
def serving():
    """A broker with a partner: the data folder, the gateway's address, the partner's token, the server's memory."""
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        added = subprocess.run([TESSERA, "partners", "add", "bench", "--type", "ufinterface", "--sender", "001", "--per-minute", "1000000",
                                "--max-bytes", "2000000000", "--data", data, "--json"], check=True, capture_output=True, text=True).stdout
        server = subprocess.Popen([TESSERA, "serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", data, "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            url = json.loads(server.stdout.readline())["http"]
            host, port = re.match(r"http://([^:/]+):(\d+)/", url).groups()
            yield data, (host, int(port)), json.loads(added)["token"], Memory(server.pid)
        finally:
            server.terminate()
            server.wait()


def one_gateway_run():
    with serving() as (data, address, token, _):
        made = [document(number, DOCUMENT_BYTES, number * 100) for number in range(DOCUMENTS)]
        bodies = [text.encode() for text, _ in made]
        clients = [Client(address, token, bodies[number::CLIENTS]) for number in range(CLIENTS)]
        start = time.monotonic()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        seconds = time.monotonic() - start
        linked = sqlite3.connect(data / "tessera.sqlite").execute("SELECT count(*) FROM linked_products WHERE system = 'bench'").fetchone()[0]
        expected = sum(count for _, count in made)
        if linked != expected or any(client.refused for client in clients):
            sys.exit(f"bench: {linked} products are linked, not {expected}; {sum(client.refused for client in clients)} documents refused")
    return DOCUMENTS / seconds


def gateway(report_alone, runs):
    report_alone("gateway.10k", "documents/s", [one_gateway_run() for _ in range(runs)])


def attacks():
    """Hostile documents by name: those of the corpus, and floods."""
    found = {path.name: path.read_bytes() for path in sorted(CORPUS.iterdir())} if CORPUS.is_dir() else {}
    root = "<ufinterface roottag='customer' proc='Add' sender='001' docid='1'"
    floods = {
        "attributes": f"{root}><customer " + "".join(f"a{number}='' " for number in range(80_000)) + "/>",
        "namespaces": f"{root}><customer " + "".join(f"xmlns:a{number}='u' " for number in range(40_000)) + "/>",
        "names": f"{root}>" + "".join(f"<n{number}/>" for number in range(400_000)),
        "depth": f"{root}>" + "<a>" * 200_000,
        "a long tag": f"{root} b='" + "x" * 10_000_000 + "'/>",
        "a long text": f"{root}><customer><code>" + "x" * 12_000_000 + "</code>",
        "a long comment": f"{root}><!--" + "x" * 12_000_000 + "-->",
        "entities": f"{root}><customer><code>" + "&b;" * 650_000 + "</code></customer></ufinterface>",
        "an external DTD": f"<!DOCTYPE ufinterface SYSTEM 'http://192.0.2.1/a.dtd'>{root}><customer><code>&file;</code></customer></ufinterface>",
    }
    return found | {name: text.encode() for name, text in floods.items()}


def refusals(report_alone, runs):
    slowest, largest = [], []
    with serving() as (_, address, token, memory):
        documents = attacks()
        for run in range(runs + 1):
            times, growths = {}, {}
            for name, body in documents.items():
                client = Client(address, token, [body])
                memory.begin()
                start = time.monotonic()
                client.run()
                times[name] = (time.monotonic() - start) * 1e3
                growths[name] = memory.grown()
                if client.refused != 1:
                    sys.exit(f"bench: the attack '{name}' is not refused")
            # The first round is to warm up.
            if run:
                slowest.append(max(times.values()))
                largest.append(max(growths.values()))
                print(f"bench: {max(times, key=times.get)}: {max(times.values()):.1f} ms; "
                      f"{max(growths, key=growths.get)}: {max(growths.values()):.1f} MB", file=sys.stderr)
    report_alone("gateway.attacks", "ms", slowest)
    report_alone("gateway.attacks.memory", "MB", largest)


def send_pieces(connection, token, pieces):
    """POSTs a document that is sent as it is made; the status of its answer."""
    connection.sendall(f"POST /eai HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n".encode())
    for piece in pieces:
        connection.sendall(f"{len(piece):x}\r\n{piece}\r\n".encode())
    connection.sendall(b"0\r\n\r\n")
    return Client.answer(connection)


def customers(prefix, filling):
    """A document of as many customers as one may have, piece by piece."""
    yield "<ufinterface roottag='customer' proc='Add' sender='001' docid='1'>"
    for first in range(0, CUSTOMERS, 100):
        yield "".join(f"<customer><code>{prefix}-{number}</code><name>large</name>{filling}</customer>" for number in range(first, first + 100))
    yield "</ufinterface>"


def gigabyte(report_alone):
    """A document of 1 GB: it is read twice and all of it is stored. One with the same items, but small ones, comes before it, so that the
    database's page cache, which has a bound of its own, is full."""
    filling = "".join(f"<self_define{number}>{'x' * 1400}</self_define{number}>" for number in range(1, 8))
    with serving() as (data, address, token, memory), socket.create_connection(address) as connection:
        before = send_pieces(connection, token, customers("S", ""))
        memory.begin()
        status = send_pieces(connection, token, customers("L", filling))
        grown = memory.grown()
        linked = sqlite3.connect(data / "tessera.sqlite").execute("SELECT count(*) FROM linked_customers WHERE system = 'bench'").fetchone()[0]
        if (before, status, linked) != (200, 200, 2 * CUSTOMERS):
            sys.exit(f"bench: {linked} customers are linked, not {2 * CUSTOMERS}; the answers were {before} and {status}")
    report_alone("gateway.gigabyte", "MB", [grown])
