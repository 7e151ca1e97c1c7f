"""What the whole-program tests of `pinyue serve` share: a server in a folder of its own, and a client that holds every
answer against openapi.json."""
import atexit, datetime, http.client, json, os, re, signal, subprocess, sys, tempfile, time, urllib.parse, uuid

import jsonschema

SOURCES = os.environ["PINYUE_SOURCES"]
PINYUE = os.environ["PINYUE"]
OPENAPI = json.load(open(os.path.join(SOURCES, "src/web/openapi.json"), encoding="utf-8"))


def resolve(schema):
    """The schema with a base that "#/components/…" is found in."""
    return {**schema, "components": OPENAPI["components"]}


def find_operation(method, path):
    """The operation of openapi.json for a request's path, and the path's pattern."""
    for pattern, operations in OPENAPI["paths"].items():
        expression = re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(pattern))
        if re.fullmatch(expression, path) and method.lower() in operations:
            return operations[method.lower()]
    # An exercise has the real desk's paths under its own.
    inner = re.fullmatch(r"/exercises/[0-9]+(/.+)", path)
    return find_operation(method, inner.group(1)) if inner else None


class Server:
    """`pinyue serve` with its data in a folder; started anew as often as wanted."""

    def __init__(self, folder, *options):
        self.folder, self.options, self.password, self.process, self.port = folder, options, None, None, 0
        self.preload = ""  # a library that is loaded before all others

    def start(self, expect=True):
        self.process = subprocess.Popen([PINYUE, "serve", "--data", self.folder, "--listen", f"127.0.0.1:{self.port}",
                                         "--plans", os.path.join(SOURCES, "plans"),
                                         "--drills", os.path.join(SOURCES, "drills"), *self.options],
                                        stdout=subprocess.PIPE, stderr=None, text=True,
                                        env={**os.environ, **({"LD_PRELOAD": self.preload} if self.preload else {})})
        atexit.register(self.process.kill)
        line = self.process.stdout.readline()
        assert line.startswith("address: "), line
        self.port = int(re.search(r":(\d+)/", line).group(1))
        if self.password is None:
            self.password = self.process.stdout.readline().split()[-1]
        return self

    def kill(self):
        """As a power cut does."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """As an operator does; the server must end by itself, and well."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        assert status == 0, f"the server ended with {status}"


class Client:
    """One signed-in person. Every answer is checked against openapi.json."""

    def __init__(self, server, name="admin", password=None):
        self.server, self.cookie, self.csrf = server, None, None
        status, body, headers = self.call("POST", "/sessions", {"name": name, "password": password or server.password})
        assert status == 201, body
        self.cookie = headers["set-cookie"].split(";")[0]
        self.csrf = body["csrf_token"]

    def call(self, method, path, body=None, key=None, headers=(), raw=None):
        sent = {"Content-Type": "application/json", "Idempotency-Key": key or uuid.uuid4().hex, **dict(headers)}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and "X-CSRF-Token" not in sent:
            sent["X-CSRF-Token"] = self.csrf
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        content = raw if raw is not None else None if body is None else json.dumps(body).encode()
        path, mark, asked = path.partition("?")
        sent_path = "/api/v1" + urllib.parse.quote(path) + mark + urllib.parse.quote(asked, safe="=&")
        connection.request(method, sent_path, content, sent)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        got = {name.lower(): value for name, value in reversed(response.getheaders())}  # of two cookies the first: the session's
        is_json = "json" in got.get("content-type", "json")
        answer = None if not text else json.loads(text) if is_json else text.decode()
        self.check(method, path, response.status, answer, got)
        return response.status, answer, got

    @staticmethod
    def check(method, path, status, answer, headers):
        operation = find_operation(method, path)
        if operation is None:
            assert status in (404, 405), f"{method} {path} is not described, but answers {status}"
            return
        described = operation["responses"].get(str(status))
        assert described is not None, f"{method} {path} answers {status}, which openapi.json does not know: {answer}"
        if "$ref" in described:
            described = OPENAPI["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
        for media, content in described.get("content", {}).items():
            assert headers["content-type"].startswith(media), headers
            jsonschema.Draft202012Validator(resolve(content["schema"])).validate(answer)

    def get(self, path):
        status, body, _ = self.call("GET", path)
        assert status == 200, (path, status, body)
        return body

    def post(self, path, body, **more):
        status, answer, _ = self.call("POST", path, body, **more)
        assert status == 201, (path, status, answer)
        return answer


def fetch(server, client, path, method="GET"):
    """Any file, as it is: status, bytes, response. Without a client nobody is signed in."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(method, "/api/v1" + path, headers={"Cookie": client.cookie} if client else {})
    response = connection.getresponse()
    return response.status, response.read(), response


def open_folder():
    return tempfile.mkdtemp(prefix="pinyue-serve-")


def write_fires(folder, fires, minutes):
    """A log of fires that were opened so many minutes ago, and nothing since: fifteen clocks each."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    begun = datetime.datetime.now(zone) - datetime.timedelta(minutes=minutes)
    with tempfile.NamedTemporaryFile("w", suffix=".drill.md", encoding="utf-8") as drill:
        drill.write(f'# 多\n\n```drill\n演练 "多" 预案 "{os.path.join(SOURCES, "plans/forest-fire.plan.md")}" 版本 "1" 种子 1 '
                    f"开始 {begun:%Y-%m-%d %H:%M}\n\n")
        drill.writelines(f'开启 火{i} 由 森林火灾 "第{i}场火"\n' for i in range(fires))
        drill.write("```\n")
        drill.flush()
        subprocess.run([PINYUE, "drill", drill.name, "--data", folder], check=True, stdout=subprocess.DEVNULL)


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about in time")
