-- An API call with a bearer token, with a different token each time. Own arguments: path, text that the body must contain.
local leg = require("leg")

function init(args) leg.init(args) end

local at = 0
function request()
  at = at % #leg.lines + 1
  return wrk.format("GET", leg.own[1], { Authorization = "Bearer " .. leg.lines[at] })
end

function response(status, headers, body)
  leg.take(status, status == 200 and body:find(leg.own[2], 1, true) and "" or nil, body)
end
