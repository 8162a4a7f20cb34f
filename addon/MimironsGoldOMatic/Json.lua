-- Json: writes the few JSON shapes that tags carry. Nothing that a player or an item can be called breaks out of a string.

local _, ns = ...
local Json = {}
ns.Json = Json

--- Marks a field that is null, since a Lua table cannot hold nil.
Json.null = {}

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\" }

local function escape(character)
  return ESCAPES[character] or string.format("\\u%04x", character:byte())
end

--- A JSON string, quotes included. `|` would start a colour or a link in the game's chat, so it is always escaped; so is
--- the second of two spaces, because some servers make one of them.
function Json.string(text)
  local escaped = ns.Utf8.repair(text):gsub('[%c"\\|\127]', escape)
  repeat
    local count
    escaped, count = escaped:gsub("  ", " \\u0020")
  until count == 0
  return '"' .. escaped .. '"'
end

local function number(value)
  if value ~= value or value % 1 ~= 0 or value < 0 or value >= 2 ^ 53 then
    error("no number for JSON: " .. tostring(value), 0)
  end
  return string.format("%.0f", value)
end

local function write(value)
  if value == Json.null then
    return "null"
  elseif type(value) == "string" then
    return Json.string(value)
  elseif type(value) == "number" then
    return number(value)
  elseif type(value) == "boolean" then
    return value and "true" or "false"
  end
  error("no JSON value: " .. type(value), 0)
end

--- An object whose fields come in the order given: `{ { "name", value }, … }`.
function Json.object(fields)
  local parts = {}
  for _, field in ipairs(fields) do
    table.insert(parts, Json.string(field[1]) .. ":" .. write(field[2]))
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

--- A list of lists of whole numbers.
function Json.rows(rows)
  local parts = {}
  for index, row in ipairs(rows) do
    local numbers = {}
    for place, value in ipairs(row) do
      numbers[place] = number(value)
    end
    parts[index] = "[" .. table.concat(numbers, ",") .. "]"
  end
  return "[" .. table.concat(parts, ",") .. "]"
end
