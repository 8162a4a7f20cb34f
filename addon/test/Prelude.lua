-- Prelude: what the unit tests of the pure files stand on. A test file is a chunk that gets this table; it names tests
-- with `t.test`, each of which loads the addon's files anew into a namespace of its own.

local root, readFile = ...

local t = { tests = {}, order = {} }

function t.test(name, body)
  if t.tests[name] then
    error("two tests are called " .. name, 2)
  end
  t.tests[name] = body
  table.insert(t.order, name)
end

--- Loads files by name, in this order, into a new namespace. `given` is what they find there.
function t.load(names, given)
  local ns = given or {}
  for name in names:gmatch("%S+") do
    local chunk, problem = loadfile(root .. "/" .. name .. ".lua")
    if not chunk then
      error(problem, 2)
    end
    chunk("MimironsGoldOMatic", ns)
  end
  return ns
end

local function show(value, depth)
  depth = depth or 0
  if type(value) == "string" then
    return string.format("%q", value)
  elseif type(value) ~= "table" or depth > 4 then
    return tostring(value)
  end
  local keys = {}
  for key in pairs(value) do
    table.insert(keys, key)
  end
  table.sort(keys, function(one, other)
    return tostring(one) < tostring(other)
  end)
  local parts = {}
  for _, key in ipairs(keys) do
    table.insert(parts, tostring(key) .. "=" .. show(value[key], depth + 1))
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function isSame(one, other)
  if type(one) ~= "table" or type(other) ~= "table" then
    return one == other
  end
  for key, value in pairs(one) do
    if not isSame(value, other[key]) then
      return false
    end
  end
  for key in pairs(other) do
    if one[key] == nil then
      return false
    end
  end
  return true
end

--- Equal, tables by what they hold.
function t.equal(actual, expected, about)
  if not isSame(actual, expected) then
    error((about and about .. ": " or "") .. "expected " .. show(expected) .. ", got " .. show(actual), 2)
  end
end

function t.truthy(value, about)
  if not value then
    error((about or "a value") .. ": expected something, got " .. show(value), 2)
  end
end

function t.fails(body, ...)
  if pcall(body, ...) then
    error("expected an error", 2)
  end
end

--- The rows of a golden file as lists of columns, `\u{hex}` resolved; up to the line `stop` if it is given.
function t.golden(name, utf8, stop)
  local rows = {}
  for line in (readFile(name) .. "\n"):gmatch("(.-)\n") do
    if stop and line == stop then
      break
    end
    if line ~= "" and line:sub(1, 1) ~= "#" then
      local columns = {}
      for column in (line .. "\t"):gmatch("(.-)\t") do
        local text = column:gsub("\\u{(%x+)}", function(hex)
          return utf8.encode(tonumber(hex, 16))
        end)
        table.insert(columns, text)
      end
      table.insert(rows, columns)
    end
  end
  return rows
end

return t
