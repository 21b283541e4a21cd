using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>The command palette and the keyboard's shortcuts, in a real browser and with the keyboard alone.</summary>
[Collection(SharedPortal.Name)]
public sealed class PaletteTests(BrowserFixture fixture) : IAsyncLifetime
{
    public async Task InitializeAsync() => await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Palette_ByKeyboard_GoesToAContainerAndStopsIt()
    {
        await fixture.Portal.DockerAsync("run", "-d", "--name", "palette-web", "--stop-timeout", "0", "busybox", "sleep", "1000");
        await using var person = await fixture.OpenAsync();
        var keyboard = person.Page.Keyboard;
        var palette = person.Page.Locator("dialog[data-palette]");
        await person.OpenAsync("Images");
        await keyboard.PressAsync("Control+k");
        await Expect(palette.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await Expect(palette.GetByRole(AriaRole.Option, new() { Name = "Dashboard" })).ToHaveAttributeAsync("aria-selected", "true");
        await keyboard.PressAsync("ArrowDown");
        await Expect(palette.GetByRole(AriaRole.Option, new() { Name = "Nodes" })).ToHaveAttributeAsync("aria-selected", "true");
        await keyboard.TypeAsync("palette-web");
        await keyboard.PressAsync("Enter");
        await Expect(person.Heading("palette-web")).ToBeVisibleAsync();
        await Expect(palette).Not.ToBeVisibleAsync();

        await keyboard.PressAsync("Control+k");
        await keyboard.TypeAsync("stop palette-web");
        await keyboard.PressAsync("Enter");
        await Expect(person.Page.GetByText("palette-web: stopped.")).ToBeVisibleAsync();
        Assert.Equal("exited", (await fixture.Portal.DockerAsync("inspect", "-f", "{{.State.Status}}", "palette-web")).Trim());
        await fixture.Portal.DockerAsync("rm", "-f", "palette-web");
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task Shortcuts_OnAnyPage_LeadToPagesAndTellOfThemselves()
    {
        await using var person = await fixture.OpenAsync();
        var keyboard = person.Page.Keyboard;
        await person.OpenAsync("Volumes");
        await Expect(person.Heading("Volumes")).ToBeFocusedAsync();
        await keyboard.PressAsync("g");
        await keyboard.PressAsync("i");
        await Expect(person.Page).ToHaveURLAsync(new Regex("/images$"));
        var search = person.Page.GetByLabel("Search", new() { Exact = true });
        await Expect(search).ToBeVisibleAsync();

        // A page takes the focus to its heading when it is drawn, and never from a field that is focused later.
        await keyboard.PressAsync("/");
        await Expect(search).ToBeFocusedAsync();

        // What is typed into a field is no shortcut.
        await keyboard.TypeAsync("gi?");
        await Expect(search).ToHaveValueAsync("gi?");
        await Expect(person.Page).ToHaveURLAsync(new Regex("/images.*q="));

        // Nor does the page that follows what is typed take its field away.
        await Expect(search).ToBeFocusedAsync();
        await person.Heading("Images").ClickAsync();
        await keyboard.PressAsync("?");
        var sheet = person.Page.Locator("dialog[data-shortcuts]");
        await Expect(sheet).ToContainTextAsync("Containers");
        await keyboard.PressAsync("Escape");
        await Expect(sheet).Not.ToBeVisibleAsync();
    }
}
