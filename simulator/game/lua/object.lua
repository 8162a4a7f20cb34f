-- Widget types and their scripts. A widget is a table whose slot 0 holds what the client keeps; its methods come from
-- the type. Scripts run guarded, with the old globals this, event and arg1.. set around them.
local sim = ...

local types = {}
sim.types = types

-- `scripts` lists what the type may handle, beside what its parent may.
function sim.defineType(name, parentName, scripts)
  local parent = types[parentName]
  local methods, allowed = {}, {}
  if parent then
    for key, value in pairs(parent.methods) do methods[key] = value end
    for key in pairs(parent.scripts) do allowed[key] = true end
  end
  for script in string.gmatch(scripts or "", "%S+") do allowed[strlower(script)] = script end
  local definition = { name = name, parent = parentName, methods = methods, scripts = allowed }
  definition.metatable = { __index = methods }
  types[name] = definition
  return methods
end

-- What the client itself knows of a widget; addons cannot reach it by a name.
local states = setmetatable({}, { __mode = "k" })

function sim.state(object)
  local state = states[object]
  if not state then error("Attempt to find 'this' in non-framescript object", 3) end
  return state
end

function sim.isObject(value) return states[value] ~= nil end

function sim.newObject(typeName, name, parent)
  local definition = types[typeName]
  local object = setmetatable({ [0] = newproxy() }, definition.metatable)
  states[object] = { type = typeName, name = name, parent = parent, scripts = {}, events = {}, points = {}, width = 0, height = 0 }
  if name then
    -- The first widget of a name keeps the global.
    if _G[name] == nil then _G[name] = object end
  end
  return object
end

local function fail(object, method, text)
  local state = sim.state(object)
  error((state.name or "<unnamed>") .. ":" .. method .. "(): " .. text, 3)
end
sim.fail = fail

local Object = sim.defineType("UIObject")

function Object:GetName() return sim.state(self).name end
function Object:GetObjectType() return sim.state(self).type end
function Object:GetParent() return sim.state(self).parent end

function Object:IsObjectType(name)
  local definition = types[sim.state(self).type]
  while definition do
    if strlower(definition.name) == strlower(name) then return 1 end
    definition = types[definition.parent]
  end
end

function Object:SetAlpha(alpha) sim.state(self).alpha = alpha end
function Object:GetAlpha() return sim.state(self).alpha or 1 end

-- ---------------------------------------------------------------- scripts
local function scriptKey(object, method, script)
  local key = strlower(tostring(script))
  if not types[sim.state(object).type].scripts[key] then
    fail(object, method, "Doesn't have a \"" .. tostring(script) .. "\" script")
  end
  return key
end

-- Frames have scripts, textures and texts have none.
local Scripted = {}
sim.scriptMethods = Scripted

function Scripted:SetScript(script, handler)
  local key = scriptKey(self, "SetScript", script)
  if handler ~= nil and type(handler) ~= "function" then
    error("Usage: " .. (self:GetName() or "<unnamed>") .. ":SetScript(\"type\", function)", 2)
  end
  sim.state(self).scripts[key] = handler
  if key == "onupdate" then sim.updateTicking(self) end
end

function Scripted:GetScript(script) return sim.state(self).scripts[scriptKey(self, "GetScript", script)] end

function Scripted:HasScript(script) return types[sim.state(self).type].scripts[strlower(script)] and 1 or nil end

function Scripted:HookScript(script, hook)
  local key = scriptKey(self, "HookScript", script)
  local scripts = sim.state(self).scripts
  local original = scripts[key]
  scripts[key] = original and function(...)
    original(...)
    hook(...)
  end or hook
  if key == "onupdate" then sim.updateTicking(self) end
end

local ARGS = { "arg1", "arg2", "arg3", "arg4", "arg5", "arg6", "arg7", "arg8", "arg9" }

-- Runs a handler of a widget, if it has one.
function sim.run(object, script, ...)
  local handler = sim.state(object).scripts[strlower(script)]
  if not handler then return end
  local saved = { this = this, event = event }
  for _, name in ipairs(ARGS) do saved[name] = _G[name] end
  this = object
  local first = 1
  if script == "OnEvent" then
    event = ...
    first = 2
  end
  local count = select("#", ...)
  for index, name in ipairs(ARGS) do
    local at = index + first - 1
    if at <= count then _G[name] = (select(at, ...)) else _G[name] = nil end
  end
  sim.guard(handler, object, ...)
  this, event = saved.this, saved.event
  for _, name in ipairs(ARGS) do _G[name] = saved[name] end
end
