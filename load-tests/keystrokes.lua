-- Keystrokes of people who type phrases letter by letter; after each phrase, every other one continues with another
-- phrase, the others leave and new ones come. Arguments: the path, keystrokes per request (1), milliseconds between the
-- requests of a connection (0).
local phrases = { "business", "search", "marketing", "python", "running shoes", "günstige flüge" }
local sessions, people, started = {}, 0, 0
local path, batch, pause

function setup(thread)
  started = started + 1
  thread:set("number", started .. "-" .. os.time())
end

function init(args)
  path, batch, pause = args[1] or "/log", tonumber(args[2] or 1), tonumber(args[3] or 0)
  -- With zero, wrk would still use a timer for each request.
  if pause > 0 then
    delay = function() return math.random(0, 2 * pause) end
  end
end

function request()
  local body
  if batch == 1 then
    body = keystroke()
  else
    local rows = {}
    for i = 1, batch do rows[i] = keystroke() end
    body = "[" .. table.concat(rows, ",") .. "]"
  end
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
end

function keystroke()
  local place = math.random(1000)
  local session = sessions[place]
  if session == nil or session.typed >= #session.phrase then
    if session == nil or math.random(2) == 1 then
      people = people + 1
      session = { id = "load-" .. number .. "-" .. people }
      sessions[place] = session
    end
    session.phrase, session.typed = phrases[math.random(#phrases)], 0
  end
  repeat
    session.typed = session.typed + 1
    local after = session.phrase:byte(session.typed + 1)
  until after == nil or after < 128 or after > 191 -- not within a letter of several bytes
  local topic = path == "/events" and '"topic":"load",' or ""
  return '{' .. topic .. '"session_id":"' .. session.id .. '","keyword":"' .. session.phrase:sub(1, session.typed) .. '"}'
end
