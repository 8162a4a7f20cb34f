import { describe, expect, it } from "vitest";
import { listenTo, seenBy, useGames } from "../game-fixture.ts";

const game = useGames();

describe("frames", () => {
  it("ignore unknown events without a word", async () => {
    const running = await game("");
    const [known, unknown] = running.evaluate(
      `local f = CreateFrame("Frame") f:RegisterEvent("MAIL_SHOW") f:RegisterEvent("GROUP_ROSTER_UPDATE")
       return f:IsEventRegistered("MAIL_SHOW"), f:IsEventRegistered("GROUP_ROSTER_UPDATE")`,
    );
    expect([known, unknown]).toEqual([1, undefined]);
    expect(running.luaErrors).toEqual([]);
  });

  it("no longer hear an event that they unregistered", async () => {
    const running = await game(
      `${listenTo("CHAT_MSG_SYSTEM")} frame = select(1, GetFramesRegisteredForEvent("CHAT_MSG_SYSTEM"))`,
    );
    running.run('SendSystemMessage("one")');
    running.run(
      `for _, f in ipairs({ GetFramesRegisteredForEvent("CHAT_MSG_SYSTEM") }) do f:UnregisterEvent("CHAT_MSG_SYSTEM") end
       SendSystemMessage("two")`,
    );
    expect(seenBy(running)).toHaveLength(1);
  });

  it("run OnShow and OnHide when they become visible, not when they are merely shown", async () => {
    const running = await game(
      `log = ""
       local parent = CreateFrame("Frame", "Outer") parent:Hide()
       local child = CreateFrame("Frame", nil, parent)
       child:SetScript("OnShow", function() log = log .. "S" end)
       child:SetScript("OnHide", function() log = log .. "H" end)
       child:Hide() child:Show()
       assert(child:IsShown() and not child:IsVisible())
       parent:Show() parent:Show() parent:Hide()`,
    );
    expect(running.luaErrors).toEqual([]);
    expect(running.evaluate("return log")).toEqual(["SH"]);
  });

  it("set this, event and arg1 around scripts, and put them back", async () => {
    const running = await game(
      `arg1 = "mine"
       local f = CreateFrame("Frame", "Listener") f:RegisterEvent("CHAT_MSG_SYSTEM")
       f:SetScript("OnEvent", function() inside = this:GetName() .. event .. arg1 end)`,
    );
    running.run('SendSystemMessage("text")');
    expect(running.evaluate("return inside, arg1, this")).toEqual(["ListenerCHAT_MSG_SYSTEMtext", "mine", undefined]);
  });

  it("refuse scripts that their type does not have, unknown types and unknown templates", async () => {
    const running = await game("");
    const fails = (code: string) => running.evaluate(`return (pcall(function() ${code} end))`)[0];
    expect(fails('CreateFrame("Frame"):SetScript("OnClick", print)')).toBe(false);
    expect(fails('CreateFrame("Button"):SetScript("OnClick", print)')).toBe(true);
    expect(fails('CreateFrame("Frobnicator")')).toBe(false);
    expect(fails('CreateFrame("Frame", nil, UIParent, "BackdropTemplate")')).toBe(false);
    expect(fails('CreateFrame("Button", "B", UIParent, "UIPanelButtonTemplate")')).toBe(true);
  });

  it("find their place from their anchors", async () => {
    const running = await game(
      `local f = CreateFrame("Frame", "Box", UIParent) f:SetSize(100, 50) f:SetPoint("TOPLEFT", 10, -20)
       local g = CreateFrame("Frame", "Under", f) g:SetPoint("TOPLEFT", f, "BOTTOMLEFT") g:SetPoint("BOTTOMRIGHT", f, "BOTTOMRIGHT", 0, -30)`,
    );
    expect(running.evaluate("return Box:GetLeft(), Box:GetTop(), Under:GetWidth(), Under:GetHeight()")).toEqual([
      10, 748, 100, 30,
    ]);
  });
});

describe("controls", () => {
  it("tell whether a button is enabled with 1 and 0, and 0 is true", async () => {
    const running = await game("");
    expect(
      running.evaluate('local b = CreateFrame("Button") local on = b:IsEnabled() b:Disable() return on, b:IsEnabled()'),
    ).toEqual([1, 0]);
  });

  it("click only what is visible and enabled", async () => {
    const running = await game(
      `clicks = 0
       local b = CreateFrame("Button", "Clicky", UIParent, "UIPanelButtonTemplate")
       b:SetScript("OnClick", function() clicks = clicks + 1 end)`,
    );
    expect(running.click("Clicky")).toBe(true);
    running.run("Clicky:Disable()");
    expect(running.click("Clicky")).toBe(false);
    running.run("Clicky:Enable() Clicky:Hide()");
    expect(running.click("Clicky")).toBe(false);
    expect(running.evaluate("return clicks")).toEqual([1]);
  });

  it("toggle check buttons before OnClick, and step sliders", async () => {
    const running = await game(
      `local c = CreateFrame("CheckButton", "Check", UIParent, "UICheckButtonTemplate")
       c:SetScript("OnClick", function(self) state = self:GetChecked() end)
       local s = CreateFrame("Slider", "Slide", UIParent, "OptionsSliderTemplate")
       s:SetMinMaxValues(0, 10) s:SetValueStep(5) s:SetValue(7)`,
    );
    running.click("Check");
    expect(running.evaluate("return state, Slide:GetValue(), SlideLow ~= nil")).toEqual([1, 5, true]);
  });

  it("need a font before a text", async () => {
    const running = await game("");
    const [bare, message] = running.evaluate('return pcall(function() UIParent:CreateFontString():SetText("x") end)');
    expect([bare, String(message)]).toEqual([false, expect.stringContaining("Font not set")]);
    expect(
      running.evaluate(
        'local t = UIParent:CreateFontString(nil, "ARTWORK", "GameFontNormal") t:SetText(5) return t:GetText()',
      ),
    ).toEqual(["5"]);
  });

  it("scroll lists", async () => {
    const running = await game(
      `local f = CreateFrame("ScrollFrame", "List", UIParent, "FauxScrollFrameTemplate")
       FauxScrollFrame_Update(f, 20, 5, 16)
       FauxScrollFrame_OnVerticalScroll(f, 48, 16, function() updated = true end)`,
    );
    expect(
      running.evaluate("return FauxScrollFrame_GetOffset(List), updated, ListScrollBar:GetMinMaxValues()"),
    ).toEqual([3, true, 0, 240]);
  });
});

describe("edit boxes", () => {
  it("made by CreateFrame take the first key when nobody has the focus", async () => {
    const running = await game(`local b = CreateFrame("EditBox", "Greedy", UIParent) b:SetFontObject(ChatFontNormal)`);
    running.command("/run done = true");
    expect(running.evaluate("return done, Greedy:GetText()")).toEqual([undefined, "/run done = true"]);
    running.run('Greedy:SetAutoFocus(false) Greedy:ClearFocus() Greedy:SetText("")');
    running.command("/run done = true");
    expect(running.evaluate("return done, Greedy:GetText()")).toEqual([true, ""]);
  });

  it("tell a changed text a frame later, only while visible, and not an equal one", async () => {
    const running = await game(
      `changes = 0
       local b = CreateFrame("EditBox", "Field", UIParent) b:SetAutoFocus(false)
       b:SetScript("OnTextChanged", function() changes = changes + 1 end)`,
    );
    running.run('Field:SetText("a") Field:SetText("b") now = changes');
    running.advance(40);
    running.run('Field:SetText("b")');
    running.advance(80);
    expect(running.evaluate("return now, changes")).toEqual([0, 1]);
    running.run('Field:Hide() Field:SetText("c")');
    running.advance(80);
    expect(running.evaluate("return changes")).toEqual([1]);
    running.run("Field:Show()");
    running.advance(80);
    expect(running.evaluate("return changes")).toEqual([2]);
  });

  it("cannot have the focus while hidden, and lose it when they are", async () => {
    const running = await game(
      `local b = CreateFrame("EditBox", "Field", UIParent) b:SetAutoFocus(false) b:Hide() b:SetFocus()`,
    );
    expect(running.keyboard.focus).toBeUndefined();
    running.run("Field:Show() Field:SetFocus()");
    expect(running.keyboard.focus).toBe("Field");
    running.run("Field:Hide()");
    expect(running.keyboard.focus).toBeUndefined();
  });
});

describe("popups", () => {
  const dialog = `StaticPopupDialogs.PROBE = { text = "%s?", button1 = "Y", button2 = "N", timeout = 5, hideOnEscape = 1,
    OnAccept = function(_, data) answer = "yes" .. data end, OnCancel = function(_, _, why) answer = why end }`;

  it("accept, cancel, escape and time out", async () => {
    const running = await game(dialog);
    const show = 'answer = nil local p = StaticPopup_Show("PROBE", "Really", nil, 7) shown = p.text:GetText()';
    running.run(show);
    running.click("StaticPopup1Button1");
    expect(running.evaluate("return answer, shown, StaticPopup1:IsShown()")).toEqual(["yes7", "Really?", undefined]);
    running.run(show);
    running.click("StaticPopup1Button2");
    expect(running.evaluate("return answer")).toEqual(["clicked"]);
    running.run(show);
    running.keyboard.pressEscape();
    expect(running.evaluate("return answer, StaticPopup1:IsShown()")).toEqual(["clicked", undefined]);
    running.run(show);
    running.advance(5_100);
    expect(running.evaluate("return answer")).toEqual(["timeout"]);
    expect(running.luaErrors).toEqual([]);
  });
});
