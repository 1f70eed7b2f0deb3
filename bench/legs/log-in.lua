-- A flood of log-ins with wrong passwords, each for another address, until wrk is stopped. Own arguments: path, the form as the page gave
-- it, cookie. Counts the answers, and those that say that the server is too busy.
local threads = {}
function setup(thread) table.insert(threads, thread) end

function init(args)
  path, form, cookie = args[1], args[2], args[3]
  sent, answered, busy, wrong = 0, 0, 0, 0
end

function request()
  sent = sent + 1
  return wrk.format("POST", path, { ["Content-Type"] = "application/x-www-form-urlencoded", Cookie = cookie },
    form .. "&Input.Email=flood" .. sent .. "%40bench.example&Input.Password=not-the-password")
end

function response(status)
  answered = answered + 1
  if status == 503 then busy = busy + 1 elseif status ~= 200 then wrong = wrong + 1 end
end

function done(summary)
  local thread = threads[1]
  io.write(string.format("\nFLOOD answered=%d busy=%d wrong=%d us=%d\n", thread:get("answered"), thread:get("busy"), thread:get("wrong"),
    summary.duration))
end
