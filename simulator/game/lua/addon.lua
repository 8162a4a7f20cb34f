-- Loading addons, and their saved variables on the way out.
local sim = ...
local namespaces = {}

-- Runs one file of an addon with its name and its private table.
function sim.runAddonFile(addonName, chunkName, source)
  namespaces[addonName] = namespaces[addonName] or {}
  local chunk, problem = sim.std.loadstring(source, chunkName)
  if not chunk then
    sim.onError(problem)
    return false
  end
  return (sim.guard(chunk, addonName, namespaces[addonName]))
end

function sim.runSaved(source, chunkName)
  local chunk, problem = sim.std.loadstring(source, chunkName)
  if not chunk then
    sim.onError(problem)
    return false
  end
  return (sim.guard(chunk))
end

-- ---------------------------------------------------------------- saved variables
local ESCAPES = { ["\\"] = "\\\\", ["\""] = "\\\"", ["\n"] = "\\n", ["\r"] = "\\r", ["\0"] = "\\000" }
local function quote(text) return "\"" .. gsub(text, "[%z\\\"\n\r]", ESCAPES) .. "\"" end

local function scalar(value)
  local kind = type(value)
  if kind == "string" then return quote(value) end
  if kind == "boolean" then return tostring(value) end
  if kind == "number" then
    if value ~= value then return "(0/0)" end
    if value == math.huge then return "1e999" end
    if value == -math.huge then return "-1e999" end
    return value == floor(value) and abs(value) < 1e15 and format("%.0f", value) or format("%.17g", value)
  end
end

local write
-- Functions, frames and what goes round in circles are left out, as the client does.
local function body(value, indent, open, out)
  local length = #value
  for index = 1, length do write(nil, value[index], indent, open, out, " -- [" .. index .. "]") end
  for key, item in pairs(value) do
    local isPart = type(key) == "number" and key >= 1 and key <= length and key == floor(key)
    if not isPart and scalar(key) then write("[" .. scalar(key) .. "] = ", item, indent, open, out, "") end
  end
end

function write(prefix, value, indent, open, out, note)
  if type(value) == "table" then
    if open[value] or sim.isObject(value) then
      if not prefix then tinsert(out, indent .. "nil," .. note) end
      return
    end
    open[value] = true
    tinsert(out, indent .. (prefix or "") .. "{")
    body(value, indent .. "\t", open, out)
    tinsert(out, indent .. "}," .. note)
    open[value] = nil
  elseif scalar(value) then
    tinsert(out, indent .. (prefix or "") .. scalar(value) .. "," .. note)
  elseif not prefix then
    tinsert(out, indent .. "nil," .. note)
  end
end

-- The text of a SavedVariables file for these globals.
function sim.serialize(names)
  local out = { "" }
  for name in string.gmatch(names, "%S+") do
    local value = _G[name]
    if type(value) == "table" then
      tinsert(out, name .. " = {")
      body(value, "\t", { [value] = true }, out)
      tinsert(out, "}")
    else
      tinsert(out, name .. " = " .. (scalar(value) or "nil"))
    end
  end
  tinsert(out, "")
  return table.concat(out, "\r\n")
end

-- A global by name, for tests that look into the game: plain values only.
function sim.evaluate(source)
  local chunk, problem = sim.std.loadstring(source, "=evaluate")
  if not chunk then error(problem, 0) end
  return chunk()
end
