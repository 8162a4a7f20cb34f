-- Who and where we are, settings, and what belongs to no other file.
local sim = ...
local host = sim.host

function sim.setGlobal(name, value) _G[name] = value end
function GetLocale() return host.locale() end
function GetRealmName() return host.realm() end
function GetBuildInfo() return "3.3.5", "12340", "Jun 24 2010", 30300 end
function GetCurrentRealm() return host.realm() end
GetCurrentRealm = nil

local function isPlayer(unit) return type(unit) == "string" and strlower(unit) == "player" end
local function field(name)
  return function(unit)
    if type(unit) ~= "string" then error("Usage: function(\"unit\")", 2) end
    if isPlayer(unit) then return host.player(name) end
  end
end
function UnitName(unit)
  if type(unit) ~= "string" then error("Usage: UnitName(\"unit\")", 2) end
  if isPlayer(unit) then return host.player("name"), nil end
end
GetUnitName = function(unit) return (UnitName(unit)) end
UnitLevel, UnitGUID = field("level"), field("guid")
function UnitFactionGroup(unit)
  if not isPlayer(unit) then return nil end
  local faction = host.player("faction")
  return faction, faction == "Horde" and FACTION_HORDE or FACTION_ALLIANCE
end
function UnitClass(unit)
  if isPlayer(unit) then return host.player("class"), strupper(host.player("class")) end
end
function UnitRace(unit)
  if isPlayer(unit) then return host.player("race"), host.player("race") end
end
function UnitSex() return 2 end
function UnitExists(unit) return isPlayer(unit) and 1 or nil end
function UnitIsPlayer(unit) return isPlayer(unit) and 1 or nil end
function UnitIsUnit(a, b) return strlower(a) == strlower(b) and 1 or nil end
function UnitIsAFK(unit) return isPlayer(unit) and host.player("afk") and 1 or nil end
function UnitIsDND() return nil end
function UnitIsDeadOrGhost() return nil end
function UnitAffectingCombat() return host.in_combat() and 1 or nil end
function InCombatLockdown() return host.in_combat() and 1 or nil end
function UnitHealth() return 100 end
function UnitHealthMax() return 100 end

function GetMoney() return host.money() end
function GetRealZoneText() return host.player("zone") end
GetZoneText, GetMinimapZoneText = GetRealZoneText, GetRealZoneText
function GetSubZoneText() return "" end
function IsInInstance() return nil, "none" end
function IsResting() return 1 end
function IsInGuild() return nil end
function GetGuildInfo() return nil end
function GetNumGuildMembers() return 0 end
function GuildRoster() end
function GetNumPartyMembers() return 0 end
function GetNumRaidMembers() return 0 end
function GetNumFriends() return 0 end
function GetFriendInfo() return nil end
function ShowFriends() end
function AddFriend() end
function RemoveFriend() end
function AddIgnore() end
function GetNumIgnores() return 0 end
function GetIgnoreName() return nil end
function GetFramerate() return host.framerate() end
function GetNetStats() return 0, 0, 50 end
function GetCVar(name) return host.cvar(strlower(name)) end
function GetCVarBool(name) return GetCVar(name) == "1" and 1 or nil end
function SetCVar(name, value) host.set_cvar(strlower(name), tostring(value)) end
function RegisterCVar(name, value) if GetCVar(name) == nil then SetCVar(name, value or "") end end
function GetCVarDefault(name) return GetCVar(name) end
function UpdateAddOnMemoryUsage() end
function GetAddOnMemoryUsage() return 0 end
function IsLoggedIn() return host.logged_in() and 1 or nil end
function IsWindowsClient() return 1 end
function IsMacClient() return nil end

-- Leaving: the host does it after this frame, as the client does.
function ReloadUI() host.request("reload") end
function ConsoleExec(text) host.console(text) end
function Logout() host.request("logout") end
function Quit() host.request("quit") end
function ForceQuit() host.request("quit") end
function CancelLogout() end

function DisableAddOn() end
function EnableAddOn() end
function GetNumAddOns() return host.addon_count() end
function GetAddOnInfo(which)
  local name, title, notes = host.addon_info(which)
  if name then return name, title, notes, 1, 1, nil, "INSECURE" end
end
function GetAddOnMetadata(name, key) return host.addon_metadata(name, key) end
function IsAddOnLoaded(which) return host.addon_loaded(which) and 1 or nil end
function LoadAddOn() return nil, "MISSING" end
function UIParentLoadAddOn() return nil end
function GetAddOnDependencies() return nil end
