#!/usr/bin/env python3
"""Prints the figures of `make bench` as lines of JSON and exits with 1 where a ratio is below its gate.

Ours and the peer's run in turn, RUNS times (default 5), in release; a figure is the median. The orb.* processes share one
core. `bench.py NAME…` runs only the figures whose names begin so."""
import json, os, pathlib, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

import gateway_figures

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = pathlib.Path(os.environ.get("TESSERA_PEERS", ROOT / "../shared/peers")).resolve()
BUILT = ROOT / ".build/peers/bench"
RELEASE = ROOT / ".build/release"
RUNS = int(os.environ.get("RUNS", "5"))
CONTRACTS = "4000"
SECONDS = os.environ.get("SECONDS_", "2")
ONE_CORE = ["taskset", "-c", "1"] if (os.cpu_count() or 1) > 1 else []
# The options that an expert would give omniORB: see the peers' README.
OMNI_SERVER = ("-ORBendPoint giop:tcp:127.0.0.1: -ORBthreadPerConnectionPolicy 1 -ORBgiopMaxMsgSize 67108864 "
               "-ORBinConScanPeriod 0 -ORBmaxServerThreadPerConnection 1").split()
OMNI_CLIENT = ("-ORBmaxGIOPConnectionPerServer 256 -ORBoneCallPerConnection 1 -ORBverifyObjectExistsAndType 0 "
               "-ORBoutConScanPeriod 0 -ORBgiopMaxMsgSize 67108864").split()
# Name of the figure, workload of the peers, field of its answer, whether the client is the foreign one in both runs.
ORB_FIGURES = [
    ("orb.nop.same-core", "a", "calls_per_s", False),
    ("orb.nop.same-core.foreign-client", "a", "calls_per_s", True),
    ("orb.push1000.same-core", "d", "products_per_s", False),
    ("orb.push1000.same-core.foreign-client", "d", "products_per_s", True),
]
# The lowest and the highest ratio that were seen, on machines of several kinds: the peers gain from a faster machine in another measure
# than we do. The gate is a twentieth below the lowest. The second round of the catalogue is told, and has no gate.
SEEN = {
    "orb.nop.same-core": (0.62, 0.82), "orb.nop.same-core.foreign-client": (0.89, 0.95), "orb.push1000.same-core": (1.11, 1.33),
    "orb.push1000.same-core.foreign-client": (0.70, 0.90), "catalogue.durable": (0.24, 0.40), "xml.validated": (0.56, 0.92),
}
GATES = {name: round(lowest * 0.95, 2) for name, (lowest, _) in SEEN.items()}
# What has no peer: the least, or the most, that it must be.
LEAST = {"gateway.10k": 500}
MOST = {"gateway.attacks": 100, "gateway.attacks.memory": 64, "gateway.gigabyte": 64}
failed = []


def report(name, unit, ours, peer, theirs):
    value, peer_value = statistics.median(ours), statistics.median(theirs)
    ratio = value / peer_value
    # Of the runs that stood side by side.
    spread = sorted(one / other for one, other in zip(ours, theirs))
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "peer": peer, "peer_value": round(peer_value, 1),
                      "ratio": round(ratio, 3), "spread": [round(spread[0], 3), round(spread[-1], 3)]}), flush=True)
    gate = GATES.get(name, 0)
    if ratio < gate:
        lowest, highest = SEEN[name]
        failed.append(f"{name}: the ratio {ratio:.3f} ({spread[0]:.3f} to {spread[-1]:.3f} in this run) is below its gate {gate}; "
                      f"{lowest} to {highest} were seen")


def report_alone(name, unit, ours):
    value = statistics.median(ours)
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit}), flush=True)
    if value < LEAST.get(name, value):
        failed.append(f"{name}: {value:.1f} {unit} is below its gate {LEAST[name]}")
    if value > MOST.get(name, value):
        failed.append(f"{name}: {value:.1f} {unit} is above its gate {MOST[name]}")


def build_peers():
    """Builds the peers in a copy, since their folder may be read-only."""
    if not PEERS.is_dir():
        sys.exit(f"bench: the peers are not at {PEERS}; set TESSERA_PEERS")
    BUILT.mkdir(parents=True, exist_ok=True)
    for part in ("omniorb", "e2e"):
        shutil.copytree(PEERS / part, BUILT / part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("build"))
        subprocess.run(["make", "-s"], cwd=BUILT / part, check=True, stdout=sys.stderr)


def wait_for(path, process, limit=30):
    end = time.monotonic() + limit
    while not (path.exists() and path.stat().st_size):
        if process.poll() is not None or time.monotonic() > end:
            sys.exit(f"bench: {process.args[0]} did not write {path}")
        time.sleep(0.02)


def orb_run(server, server_options, client, client_options, workload):
    with tempfile.TemporaryDirectory() as folder:
        ior = pathlib.Path(folder) / "ior"
        process = subprocess.Popen([*ONE_CORE, server, "--ior-file", ior, *server_options], stderr=subprocess.DEVNULL)
        try:
            wait_for(ior, process)
            answer = subprocess.run([*ONE_CORE, client, "--ior-file", ior, "--workload", workload, "--seconds", SECONDS, *client_options],
                                    check=True, capture_output=True, text=True).stdout
        finally:
            process.kill()
            process.wait()
    return json.loads(answer.splitlines()[0])


def orb_figures(wanted):
    omni = BUILT / "omniorb/build"
    for name, workload, field, foreign_client in wanted:
        ours, theirs = [], []
        for _ in range(RUNS):
            client = (omni / "client", OMNI_CLIENT) if foreign_client else (RELEASE / "orb-bench-client", [])
            ours.append(orb_run(RELEASE / "orb-bench-server", [], *client, workload)[field])
            theirs.append(orb_run(omni / "server", OMNI_SERVER, omni / "client", OMNI_CLIENT, workload)[field])
        report(name, field.replace("_per_s", "/s"), ours, "omniORB to omniORB", theirs)


def catalogue_ours():
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        tessera = [RELEASE / "tessera"]
        added = subprocess.run([*tessera, "systems", "add", "bench", "--type", "canonical", "--adapter", "inbound", "--json", "--data", data],
                               check=True, capture_output=True, text=True).stdout
        server = subprocess.Popen([*tessera, "serve", "--listen", "127.0.0.1:0", "--data", data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(data / "tessera.ior", server)
            reference = (data / "tessera.ior").read_text().strip()
            lines = subprocess.run([RELEASE / "catalogue-bench-client", reference, "bench", json.loads(added)["secret"]],
                                   check=True, capture_output=True, text=True).stdout.splitlines()
            linked = sqlite3.connect(data / "tessera.sqlite").execute("SELECT count(*) FROM linked_products WHERE system = 'bench'").fetchone()[0]
            if linked != 100_000:
                sys.exit(f"bench: {linked} products are linked, not 100000")
        finally:
            server.terminate()
            server.wait()
    return [json.loads(line)["products_per_s"] for line in lines]


def catalogue_peer():
    with tempfile.TemporaryDirectory() as folder:
        ior = pathlib.Path(folder) / "ior"
        server = subprocess.Popen([BUILT / "e2e/build/server", "--ior-file", ior, "--db", pathlib.Path(folder) / "e2e.db",
                                   "-ORBendPoint", "giop:tcp:127.0.0.1:", "-ORBgiopMaxMsgSize", "67108864"], stderr=subprocess.DEVNULL)
        try:
            wait_for(ior, server)
            lines = subprocess.run([BUILT / "e2e/build/push100k", "--ior-file", ior, "-ORBgiopMaxMsgSize", "67108864"],
                                   check=True, capture_output=True, text=True).stdout.splitlines()
        finally:
            server.kill()
            server.wait()
    return [json.loads(line)["products_per_s"] for line in lines]


def catalogue_figures():
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(catalogue_ours())
        theirs.append(catalogue_peer())
    for index, name in enumerate(["catalogue.durable", "catalogue.durable.changed"]):
        report(name, "products/s", [run[index] for run in ours], "hand-written C++ (omniORB + SQLite)", [run[index] for run in theirs])


def contracts_signed():
    """Contracts a second that a sales office signs over IIOP, each on disk when it is answered; they are ordered meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        tessera = [RELEASE / "tessera"]
        office = subprocess.Popen([RELEASE / "contract-bench-client", "--count", CONTRACTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  text=True)
        added = subprocess.run([*tessera, "systems", "add", "bench", "--type", "canonical", "--adapter", "order-desk", "--reference",
                                office.stdout.readline().strip(), "--guarantee", "idempotent-by-key", "--orders", "--json", "--data", data],
                               check=True, capture_output=True, text=True).stdout
        server = subprocess.Popen([*tessera, "serve", "--listen", "127.0.0.1:0", "--data", data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(data / "tessera.ior", server)
            reference = (data / "tessera.ior").read_text().strip()
            answer, _ = office.communicate(f"{reference} bench {json.loads(added)['secret']}\n")
            if office.returncode:
                sys.exit("bench: the contracts could not be signed")
            made = sqlite3.connect(data / "tessera.sqlite").execute("SELECT count(*) FROM contracts WHERE status <> 'draft'").fetchone()[0]
            if made != int(CONTRACTS):
                sys.exit(f"bench: {made} contracts are signed, not {CONTRACTS}")
        finally:
            office.kill()
            server.terminate()
            server.wait()
    return json.loads(answer)["contracts_per_s"]


def main():
    prefixes = tuple(sys.argv[1:]) or ("",)
    orb = [figure for figure in ORB_FIGURES if figure[0].startswith(prefixes)]
    if orb or "catalogue.durable".startswith(prefixes):
        build_peers()
    orb_figures(orb)
    if "catalogue.durable".startswith(prefixes):
        catalogue_figures()
    if "xml.validated".startswith(prefixes):
        gateway_figures.validated(report, RUNS)
    if "gateway.10k".startswith(prefixes):
        gateway_figures.gateway(report_alone, RUNS)
    if "gateway.attacks".startswith(prefixes):
        gateway_figures.refusals(report_alone, RUNS)
    if "gateway.gigabyte".startswith(prefixes):
        gateway_figures.gigabyte(report_alone)
    if "contracts.signed".startswith(prefixes):
        report_alone("contracts.signed", "contracts/s", [contracts_signed() for _ in range(RUNS)])
    for line in failed:
        print(f"bench: {line}", file=sys.stderr)
    sys.exit(1 if failed else 0)


main()
