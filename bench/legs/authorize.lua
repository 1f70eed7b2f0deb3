-- Authorize with remembered consent: back to the app with a code. Own arguments: path with query, cookie, status.
local leg = require("leg")

function init(args)
  leg.init(args)
  request_text = wrk.format("GET", leg.own[1], { Cookie = leg.own[2] })
end

function request() return request_text end

function response(status, headers, body)
  local location = headers["Location"] or headers["location"] or ""
  leg.take(status, status == tonumber(leg.own[3]) and location:match("[?&]code=([^&]+)") or nil, location)
end
