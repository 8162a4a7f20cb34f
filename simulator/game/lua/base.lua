-- The language as 3.3.5a offers it: no files, no processes, no debug library; the string and table helpers of its own.
local sim = ...
local host = sim.host

sim.std = { os = os, debug = debug, traceback = debug.traceback, getinfo = debug.getinfo, loadstring = loadstring }
local os_date, os_time, traceback = os.date, os.time, debug.traceback

for _, name in ipairs({ "io", "os", "require", "module", "package", "debug", "dofile", "loadfile", "load" }) do
  _G[name] = nil
end

-- ---------------------------------------------------------------- errors
local errorHandler = function() end

function geterrorhandler() return errorHandler end

function seterrorhandler(handler)
  if type(handler) ~= "function" then error("Usage: seterrorhandler(errfunc)", 2) end
  errorHandler = handler
end

local function onError(message)
  message = tostring(message)
  host.script_error(message, traceback("", 2))
  pcall(errorHandler, message)
  return message
end
sim.onError = onError

-- Calls as the client calls a script: an error is reported and ends there.
function sim.guard(callback, ...)
  local count, args = select("#", ...), { ... }
  return xpcall(function() return callback(unpack(args, 1, count)) end, onError)
end

function securecall(callback, ...)
  if type(callback) == "string" then callback = _G[callback] end
  return select(2, sim.guard(callback, ...))
end

function hooksecurefunc(owner, name, hook)
  if type(owner) == "string" then owner, name, hook = _G, owner, name end
  local original = owner[name]
  if type(original) ~= "function" then error("hooksecurefunc(): " .. tostring(name) .. " is not a function", 2) end
  owner[name] = function(...)
    local function after(...)
      return ...
    end
    local count, args = select("#", ...), { ... }
    local results = { n = 0 }
    local function keep(...)
      results = { n = select("#", ...), ... }
    end
    keep(original(...))
    sim.guard(hook, unpack(args, 1, count))
    return after(unpack(results, 1, results.n))
  end
end

function issecure() return nil end
function issecurevariable() return nil, "addon" end
function forceinsecure() end
function scrub(...) return ... end
function debugstack(start) return traceback("", (start or 1) + 1) end
function debuglocals() return "" end

-- ---------------------------------------------------------------- strings
strbyte, strchar, strfind, strlen, strlower = string.byte, string.char, string.find, string.len, string.lower
strmatch, strrep, strrev, strsub, strupper = string.match, string.rep, string.reverse, string.sub, string.upper
format, gsub, gmatch = string.format, string.gsub, string.gmatch
string.gfind = nil

-- The client's own format knows positional arguments: %2$s.
local stockFormat = string.format
function string.format(pattern, ...)
  if type(pattern) == "string" and strfind(pattern, "%%%d+%$") then
    local args, ordered, count = { ... }, {}, 0
    pattern = gsub(pattern, "%%(%d+)%$", function(index)
      count = count + 1
      ordered[count] = args[tonumber(index)]
      return "%"
    end)
    return stockFormat(pattern, unpack(ordered, 1, count))
  end
  return stockFormat(pattern, ...)
end
format = string.format

function strtrim(text, characters)
  characters = characters or " \t\r\n"
  local class = "[" .. gsub(characters, "[%]%^%-%%]", "%%%0") .. "]"
  return (gsub(gsub(text, "^" .. class .. "+", ""), class .. "+$", ""))
end

function strsplit(delimiters, text, pieces)
  local results, from, count = {}, 1, 0
  local class = "[" .. gsub(delimiters, "[%]%^%-%%]", "%%%0") .. "]"
  while not pieces or count < pieces - 1 do
    local at = strfind(text, class, from)
    if not at then break end
    count = count + 1
    results[count] = strsub(text, from, at - 1)
    from = at + 1
  end
  results[count + 1] = strsub(text, from)
  return unpack(results, 1, count + 1)
end

function strjoin(delimiter, ...)
  return table.concat({ tostringall(...) }, delimiter)
end

function strconcat(...)
  return table.concat({ ... })
end

function strlenutf8(text)
  local _, continuation = gsub(text, "[\128-\191]", "")
  return #text - continuation
end

function tostringall(...)
  local count, texts = select("#", ...), { ... }
  for index = 1, count do texts[index] = tostring(texts[index]) end
  return unpack(texts, 1, count)
end

string.trim, string.split, string.join = strtrim, function(...) return strsplit(...) end, strjoin

-- ---------------------------------------------------------------- tables, numbers
tinsert, tremove, sort, getn = table.insert, table.remove, table.sort, table.getn
foreach, foreachi = table.foreach, table.foreachi
tconcat = nil

function wipe(list)
  for key in pairs(list) do list[key] = nil end
  return list
end
table.wipe = wipe

function tContains(list, item)
  for _, value in pairs(list) do
    if value == item then return 1 end
  end
end

function CopyTable(from)
  local copy = {}
  for key, value in pairs(from) do copy[key] = type(value) == "table" and CopyTable(value) or value end
  return copy
end

function getglobal(name) return _G[name] end
function setglobal(name, value) _G[name] = value end

abs, ceil, floor, max, min, mod = math.abs, math.ceil, math.floor, math.max, math.min, math.fmod
exp, ldexp, frexp, log, log10, sqrt = math.exp, math.ldexp, math.frexp, math.log, math.log10, math.sqrt
deg, rad, random, PI = math.deg, math.rad, math.random, math.pi
-- The global trigonometric functions count in degrees, those of the math library in radians.
function sin(x) return math.sin(rad(x)) end
function cos(x) return math.cos(rad(x)) end
function tan(x) return math.tan(rad(x)) end
function asin(x) return deg(math.asin(x)) end
function acos(x) return deg(math.acos(x)) end
function atan(x) return deg(math.atan(x)) end
function atan2(y, x) return deg(math.atan2(y, x)) end

-- A seed of our own: runs repeat, whatever the machine.
math.randomseed(host.random_seed())
math.randomseed = nil
random = math.random

bit = {}
for _, name in ipairs({ "band", "bor", "bxor", "lshift", "rshift", "arshift", "bnot", "mod" }) do
  local operation = host["bit_" .. name]
  bit[name] = function(...) return operation(...) end
end

-- ---------------------------------------------------------------- time
function GetTime() return host.get_time() end
function time(fields)
  if fields then return os_time(fields) end
  return host.unix_time()
end
function date(pattern, when) return os_date(pattern, when or host.unix_time()) end
difftime = function(later, earlier) return later - earlier end
local profileStart = 0
function debugprofilestart() profileStart = host.get_time() * 1000 end
function debugprofilestop() return host.get_time() * 1000 - profileStart end
function GetGameTime()
  local now = os_date("*t", host.unix_time())
  return now.hour, now.min
end

-- A text typed or handed over by the user, run as Lua.
function RunScript(text)
  local chunk, problem = sim.std.loadstring(text, text)
  if chunk then sim.guard(chunk) else onError(problem) end
end

function loadstring(text, name)
  if type(text) == "string" and strsub(text, 1, 1) == "\27" then return nil, "attempt to load bytecode" end
  return sim.std.loadstring(text, name)
end
