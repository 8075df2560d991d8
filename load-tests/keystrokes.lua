-- One keystroke a request: sessions type phrases letter by letter, each begins anew when it is done.
local phrases = { "business", "search", "marketing", "python", "running shoes", "günstige flüge" }
local sessions, started = {}, 0

function setup(thread)
  started = started + 1
  thread:set("number", started)
end

function request()
  local id = math.random(1000)
  local session = sessions[id]
  if session == nil or session.typed >= utf8_length(session.phrase) then
    session = { phrase = phrases[math.random(#phrases)], typed = 0 }
    sessions[id] = session
  end
  session.typed = session.typed + 1
  local body = string.format('{"session_id":"load-%d-%d","keyword":"%s"}',
    number, id, utf8_prefix(session.phrase, session.typed))
  return wrk.format("POST", "/log", { ["Content-Type"] = "application/json" }, body)
end

-- LuaJIT, which wrk brings, counts bytes.
function utf8_length(text)
  local _, letters = text:gsub("[^\128-\191]", "")
  return letters
end

function utf8_prefix(text, letters)
  return text:match("^" .. ("[^\128-\191][\128-\191]*"):rep(letters))
end
