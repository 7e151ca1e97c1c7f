"""What bench/serve.sh measures. usage: serve.py BUILD WORK [PART...]; all numbers are of this machine's loopback."""
import atexit, http.client, json, os, re, socket, ssl, subprocess, sys, time, uuid

BUILD, WORK, PARTS = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:] or ["reads", "writes", "pages", "start", "clocks"]
ROUNDS, SECONDS = 3, 5
READERS, WRITERS, PAGES, DEAF, POSTS = 32, 64, 1000, 50, 200
STARTS, START_LIMIT = 3, 120
CLOCK_FIRES, CLOCK_MINUTES = 1010, 32
ANY_CERTIFICATE = ssl.create_default_context()
ANY_CERTIFICATE.check_hostname, ANY_CERTIFICATE.verify_mode = False, ssl.CERT_NONE


class Desk:
    """A server with its data in a folder of WORK, and somebody who is signed in."""

    def __init__(self, folder, *options, password=None, sign_in=True):
        self.tls = bool(options)
        begun = time.monotonic()
        self.process = subprocess.Popen([f"{BUILD}/pinyue", "serve", "--data", folder, "--listen", "127.0.0.1:0",
                                         "--plans", "plans", *options], stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))
        assert self.get_health() == 200
        self.started_in = time.monotonic() - begun
        self.password = password or self.process.stdout.readline().split()[-1]
        if sign_in:
            response, body = self.call("POST", "/sessions", {"name": "admin", "password": self.password}, {})
            self.cookie = response.getheader("Set-Cookie").split(";")[0]
            self.csrf = body["csrf_token"]

    def connect(self):
        if self.tls:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=ANY_CERTIFICATE)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get_health(self):
        connection = self.connect()
        connection.request("GET", "/healthz")
        return connection.getresponse().status

    def call(self, method, path, body, headers=None):
        headers = headers if headers is not None else {"Cookie": self.cookie, "X-CSRF-Token": self.csrf,
                                                       "Idempotency-Key": uuid.uuid4().hex}
        connection = self.connect()
        connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        assert response.status in (200, 201), (method, path, response.status, text)
        return response, json.loads(text)

    def environment(self):
        return {**os.environ, "COOKIE": self.cookie, "CSRF": self.csrf, "RUN": uuid.uuid4().hex[:8]}

    def read_metrics(self):
        connection = self.connect()
        connection.request("GET", "/metrics")
        return dict(re.findall(r"^(\w+) ([\d.]+)$", connection.getresponse().read().decode(), re.M))

    def memory(self):
        return int(re.search(r"VmRSS:\s*(\d+)", open(f"/proc/{self.process.pid}/status").read()).group(1))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


def run_wrk(address, connections, *options, environment=None):
    """Requests a second; every answer must be a good one."""
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", *options, address], text=True, check=True,
                         capture_output=True, env=environment, timeout=SECONDS + 60).stdout
    assert "Non-2xx" not in out and "Socket errors" not in out, out
    return float(re.search(r"Requests/sec:\s*([\d.]+)", out).group(1))


def read_processor(process):
    """Processor time that a process and its children have used, in seconds."""
    with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
        pids = [process.pid, *map(int, file.read().split())]
    stats = [open(f"/proc/{pid}/stat", encoding="utf-8").read().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def compare(what, ours, theirs, aim, unit="a second"):
    ratios = [one / other for one, other in zip(ours, theirs)]
    print(f"{what}: {max(ours):,.0f} {unit} beside {max(theirs):,.0f} in the best of {len(ours)} rounds: "
          f"{max(ours) / max(theirs):.2f} times (round by round {', '.join(f'{ratio:.2f}' for ratio in ratios)}; "
          f"aim {aim})", flush=True)


def print_load(part):
    print(f"\n{part}, at load {', '.join(f'{load:.1f}' for load in os.getloadavg()[:2])}", flush=True)


# ---- reads ----

def make_incident(desk):
    """An incident whose view is large enough to be a usual one."""
    number = desk.call("POST", "/incidents", {"plan": "Reservoir flood", "subject": "Flood",
                                              "title": "Thunderstorm over the upper valley"})[1]["incident"]
    desk.call("POST", f"/incidents/{number}/facts", {"source": "Keeper", "facts": {"Muddy seepage": False}})
    return number


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_nginx(content, port):
    os.makedirs(f"{WORK}/nginx/www", exist_ok=True)
    with open(f"{WORK}/nginx/www/incident.json", "wb") as file:
        file.write(content)
    with open(f"{WORK}/nginx/nginx.conf", "w", encoding="ascii") as file:
        file.write(f"""daemon off; worker_processes 2; pid {WORK}/nginx/pid; error_log {WORK}/nginx/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
client_body_temp_path {WORK}/nginx/1; proxy_temp_path {WORK}/nginx/2; fastcgi_temp_path {WORK}/nginx/3;
uwsgi_temp_path {WORK}/nginx/4; scgi_temp_path {WORK}/nginx/5; types {{ application/json json; }}
server {{ listen 127.0.0.1:{port}; root {WORK}/nginx/www; }} }}
""")
    os.chmod(WORK, 0o755)  # its workers are another user's when root starts it
    process = subprocess.Popen(["nginx", "-p", f"{WORK}/nginx", "-c", f"{WORK}/nginx/nginx.conf"], stderr=subprocess.DEVNULL)
    atexit.register(process.terminate)
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/incident.json")
            assert connection.getresponse().read() == content
            return process
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def measure_reads():
    print_load("reads")
    desk = Desk(f"{WORK}/reads")
    path = f"/incidents/{make_incident(desk)}"
    connection = desk.connect()
    connection.request("GET", "/api/v1" + path, headers={"Cookie": desk.cookie})
    content = connection.getresponse().read()
    port = find_port()
    nginx = start_nginx(content, port)
    sides = [(desk.process, f"http://127.0.0.1:{desk.port}/api/v1{path}", [], []),
             (nginx, f"http://127.0.0.1:{port}/incident.json", [], [])]
    try:
        for _ in range(ROUNDS):
            for process, address, rates, costs in sides:
                used = read_processor(process)
                rates.append(run_wrk(address, READERS, "-H", f"Cookie: {desk.cookie}"))
                costs.append((read_processor(process) - used) / (rates[-1] * SECONDS) * 1e6)
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)
        desk.stop()
    compare(f"GET an incident of {len(content):,} bytes, signed in, beside nginx", sides[0][2], sides[1][2], "1")
    print(f"  processor time of the server for each: {min(sides[0][3]):.0f} us beside {min(sides[1][3]):.0f}", flush=True)


# ---- writes ----

def measure_writes():
    print_load("writes")
    desk = Desk(f"{WORK}/writes")
    ours, theirs = [], []
    try:
        for _ in range(ROUNDS):
            theirs.append(float(subprocess.run([f"{BUILD}/bench/bench_commit_loop", WORK, str(SECONDS)], check=True,
                                               capture_output=True, text=True).stdout))
            ours.append(run_wrk(f"http://127.0.0.1:{desk.port}/", WRITERS, "-s", "bench/serve_calls.lua",
                                environment=desk.environment()))
        metrics = desk.read_metrics()
    finally:
        desk.stop()
    compare(f"POST /calls by {WRITERS} writers beside SQLite's own commits", ours, theirs, "3")
    print("  " + ", ".join(f"{name} {value}" for name, value in metrics.items() if "batch" in name or "written" in name))


# ---- live pages ----

def measure_pages():
    print_load("live pages over TLS")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=localhost", "-keyout", f"{WORK}/key.pem", "-out", f"{WORK}/cert.pem"],
                   check=True, capture_output=True)
    desk = Desk(f"{WORK}/pages", "--tls-cert", f"{WORK}/cert.pem", "--tls-key", f"{WORK}/key.pem")
    password = desk.password
    try:
        # so that those that do not read have something not to read
        run_wrk(f"https://127.0.0.1:{desk.port}/", WRITERS, "-s", "bench/serve_calls.lua", environment=desk.environment())
        desk_events = desk.read_metrics()["pinyue_events_written_total"]
    finally:
        desk.stop()
    print(f"the log has {desk_events} events at first", flush=True)
    for deaf in (0, DEAF) * ROUNDS:
        desk = Desk(f"{WORK}/pages", "--tls-cert", f"{WORK}/cert.pem", "--tls-key", f"{WORK}/key.pem", password=password)
        try:
            subprocess.run([f"{BUILD}/bench/bench_live_pages", str(desk.port), str(desk.process.pid), str(PAGES),
                            str(deaf), str(POSTS)], check=True, env=desk.environment(), timeout=180)
        finally:
            desk.stop()


# ---- start ----

def measure_start():
    print_load("start")
    folder = f"{WORK}/start"
    os.makedirs(folder)
    print(subprocess.run([f"{BUILD}/bench/bench_replay", "plans/forest-fire.plan.md", "10000", folder], check=True,
                         capture_output=True, text=True).stdout, end="", flush=True)
    password, taken = None, []
    for _ in range(STARTS):
        desk = Desk(folder, password=password, sign_in=False)
        password = desk.password
        taken.append(desk.started_in)
        memory = desk.memory()
        desk.stop()
    print(f"start with 1 million events until /healthz answers: {min(taken):.2f} s in the best of "
          f"{', '.join(f'{seconds:.2f}' for seconds in taken)} (aim 2); memory then {memory / 1024:.0f} MiB", flush=True)


# ---- clocks ----

def read_desk(desk):
    """Seconds, bytes and body of GET /desk."""
    connection = desk.connect()
    begun = time.monotonic()
    connection.request("GET", "/api/v1/desk", headers={"Cookie": desk.cookie})
    text = connection.getresponse().read()
    return time.monotonic() - begun, len(text), json.loads(text)


def measure_clocks():
    print_load("clocks")
    os.environ.update(PINYUE=f"{BUILD}/pinyue", PINYUE_SOURCES=os.getcwd())
    sys.path.insert(0, "tests/serve")
    from desk_client import write_fires
    taken, reads = [], []
    for number in range(STARTS):
        folder = f"{WORK}/clocks{number}"  # a new one each time: what came due is handled by the first start
        write_fires(folder, CLOCK_FIRES, CLOCK_MINUTES)
        desk = Desk(folder)
        taken.append(desk.started_in)
        totals = read_desk(desk)[2]["totals"]
        for _ in range(20):
            desk.call("POST", "/calls", {"text": "smoke"})
            reads.append(read_desk(desk)[:2])
        desk.stop()
    print(f"start with {totals['clocks']:,} clocks open, of which {totals['overdue']:,} came due while the server was down, until "
          f"/healthz answers: {min(taken):.2f} s in the best of {', '.join(f'{seconds:.2f}' for seconds in taken)} (aim 1)")
    print(f"GET /desk then, after each of {len(reads)} events: {sorted(reads)[len(reads) // 2][0] * 1e3:.1f} ms in the middle, "
          f"{max(reads)[0] * 1e3:.1f} at most, {max(size for _, size in reads):,} bytes at most", flush=True)


for part in PARTS:
    {"reads": measure_reads, "writes": measure_writes, "pages": measure_pages, "start": measure_start,
     "clocks": measure_clocks}[part]()
