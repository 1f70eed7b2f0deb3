-- Exchanges a code for a token. Own arguments: path, form without the code.
local leg = require("leg")

function init(args) leg.init(args) end

local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
function request() return wrk.format("POST", leg.own[1], headers, leg.own[2] .. "&code=" .. leg.next_line()) end

function response(status, headers, body)
  leg.take(status, status == 200 and body:match('"access_token":"([^"]+)"') or nil, body)
end
