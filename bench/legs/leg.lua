-- The code that all legs share: reads the input lines, counts and checks the answers, writes the input of the next leg, and stops wrk after
-- enough answers. Arguments after "--": count, input file (or -), output file (or -), then the leg's own.
local ffi = require("ffi")
ffi.cdef [[ int getpid(void); int kill(int pid, int sig); ]]
local SIGINT = 2

local leg = {}

-- Runs in wrk's main state: keeps the thread, whose counters are read at the end.
local threads = {}
function setup(thread) table.insert(threads, thread) end

function leg.init(args)
  leg.count = tonumber(args[1])
  leg.lines = {}
  if args[2] ~= "-" then
    for line in io.lines(args[2]) do table.insert(leg.lines, line) end
  end
  leg.output = args[3] ~= "-" and io.open(args[3], "w") or nil
  leg.own = { unpack(args, 4) }
  leg.sent = 0
  answered, wrong, first_wrong = 0, 0, ""
end

-- The next input line. The last few are sent more than once, until the answers that end the run arrive.
function leg.next_line()
  leg.sent = leg.sent + 1
  return leg.lines[math.min(leg.sent, #leg.lines)]
end

-- Counts one answer. `value` goes to the output file; nil means that the answer was wrong.
function leg.take(status, value, body)
  if answered >= leg.count then return end
  answered = answered + 1
  if value == nil then
    wrong = wrong + 1
    if first_wrong == "" then first_wrong = status .. " " .. string.sub(body or "", 1, 300) end
  elseif leg.output then
    leg.output:write(value, "\n")
  end
  if answered == leg.count then
    if leg.output then leg.output:close() end
    wrk.thread:stop()
    ffi.C.kill(ffi.C.getpid(), SIGINT)
  end
end

function done(summary, latency)
  local thread = threads[1]
  io.write(string.format("\nRESULT answered=%d wrong=%d p50=%d p99=%d errors=%d us=%d\n", thread:get("answered"), thread:get("wrong"),
    latency:percentile(50), latency:percentile(99),
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout, summary.duration))
  io.write("FIRST_WRONG ", thread:get("first_wrong"), "\n")
end

return leg
