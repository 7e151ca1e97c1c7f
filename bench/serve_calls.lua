-- For wrk (bench/serve.py): each request is a new call with a key of its own. COOKIE, CSRF and RUN in the environment.
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local count = 0
local headers = { ["Content-Type"] = "application/json", ["Cookie"] = os.getenv("COOKIE"), ["X-CSRF-Token"] = os.getenv("CSRF") }
local body = '{"text": "歌乐山三百梯附近有烟，过火三四亩，没有人被困，火势不明", "place": "歌乐山三百梯", "caller": "王某", "phone": "13800000000"}'
function request()
  count = count + 1
  headers["Idempotency-Key"] = os.getenv("RUN") .. "-" .. number .. "-" .. count
  return wrk.format("POST", "/api/v1/calls", headers, body)
end
