using System.Net.Http;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>Everybody can read and use the dashboard: in both themes, on a phone, and with a keyboard alone.</summary>
public sealed class AccessibilityTests(JudgedPortal judged) : IClassFixture<JudgedPortal>
{
    private static readonly string[] s_serious = ["serious", "critical"];
    private readonly BrowserFixture _fixture = judged.Browser;
    private readonly string _container = judged.Container;
    private readonly string _node = judged.Node;
    private readonly string _image = judged.Image;

    [Theory]
    [InlineData(1400)]
    [InlineData(390)]
    public async Task Pages_Judged_HaveNoSeriousFindingAndFitTheScreen(int width)
    {
        string[] paths =
        [
            "/", "/nodes", $"/{_node}", "/containers", "/containers/create", "/images", "/volumes", "/networks", "/networks?view=picture",
            "/logs", "/logs?side=1&wrap=1", "/events", "/stats", "/stats?range=24h", "/alerts", "/alerts?view=rules", "/alerts?view=targets",
            "/alerts?view=silences", "/people", "/access", "/teams", "/roles", "/tokens", "/tokens?of=everybody", "/settings/sign-in",
            "/environments", "/registries", "/builds", "/builds/new", "/builds/history", "/builds/cache", "/stacks/new",
            "/consoles", "/consoles/recordings", $"/{_node}/shell", "/stacks", "/templates", "/templates/postgres", "/templates/catalogues", "/deployments",
            "/jobs", "/backups", "/webhooks", "/policies", "/policies/new", "/rest-api", "/account/profile",
            "/audit", "/account/password", "/account/security", "/settings/sign-in/providers/new",
            $"/{_image}/layers", $"/{_image}/settings", $"/{_image}/inspect",
            $"/{_container}/logs", $"/{_container}/stats", $"/{_container}/console", $"/{_container}/processes", $"/{_container}/inspect",
            $"/{_container}/files", $"/{_container}/files?path=/etc", $"/{_container}/changes",
            $"/{_node}/volumes/judged", $"/{_node}/volumes/judged/files", $"/{_node}/volumes/judged/inspect",
            $"/{_node}/networks/judged", $"/{_node}/networks/judged/inspect",
            "/status/403", "/roles/none",
            .. judged.Things.Values.Select(thing => $"/{thing}"),
        ];

        // Each half in a browser of its own: one is fetched while the other is judged.
        var half = paths.Length / 2;
        var findings = await Task.WhenAll(JudgePagesAsync(paths[..half], width), JudgePagesAsync(paths[half..], width));

        AssertNothing([.. findings.SelectMany(found => found)]);
    }

    private async Task<IReadOnlyList<string>> JudgePagesAsync(IEnumerable<string> paths, int width)
    {
        await using var person = await _fixture.OpenAsync(ColorScheme.Light, width, 844);
        var findings = new List<string>();
        foreach (var path in paths)
        {
            await person.GoAsync(path);
            await person.ArrivedAsync();
            await Expect(person.Page.Locator("h1")).ToBeVisibleAsync();
            if (await person.Page.Locator(".p-editor").CountAsync() > 0)
            {
                // It takes the place of a plain field when its parts have come.
                await Expect(person.Page.Locator(".p-editor[data-ready]").First).ToBeVisibleAsync();
            }

            findings.AddRange(await JudgeInBothThemesAsync(person.Page, path));
        }

        return findings;
    }

    [Fact]
    public async Task Dialogs_Judged_HaveNoSeriousFinding()
    {
        await using var person = await _fixture.OpenAsync();
        var findings = new List<string>();
        (string Page, string Button)[] dialogs =
        [
            ("Nodes", "Add a node"), ("People", "Add a person"), ("Containers", "Remove"), ("Images", "Pull image"), ("Images", "Prune"),
            ("Images", "Push"),
        ];
        var shown = "";
        foreach (var (page, button) in dialogs)
        {
            // Going to the page that is shown closes what was opened there meanwhile.
            if (page != shown)
            {
                await person.OpenAsync(page);
            }

            shown = page;
            await person.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
            var dialog = person.Page.GetByRole(AriaRole.Dialog);
            await Expect(dialog).ToBeVisibleAsync();
            findings.AddRange(await JudgeInBothThemesAsync(person.Page, $"the dialog '{button}'"));
            await person.Page.Keyboard.PressAsync("Escape");
            await Expect(dialog).Not.ToBeVisibleAsync();
        }

        foreach (var (key, name) in new[] { ("Control+k", "Go to, or do"), ("?", "Keyboard shortcuts") })
        {
            await person.Page.Keyboard.PressAsync(key);
            var dialog = person.Page.GetByRole(AriaRole.Dialog, new() { Name = name });
            await Expect(dialog).ToContainTextAsync("Dashboard");
            findings.AddRange(await JudgeInBothThemesAsync(person.Page, $"the dialog '{name}'"));
            await person.Page.Keyboard.PressAsync("Escape");
            await Expect(dialog).Not.ToBeVisibleAsync();
        }

        AssertNothing(findings);
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(390)]
    public async Task DialogsOfNetworksVolumesAndFiles_Judged_HaveNoSeriousFinding(int width)
    {
        (string Address, string[] Buttons)[] dialogs =
        [
            ("/networks", ["Create network", "Prune"]),
            ($"/{_node}/networks/judged", ["Connect a container", "Remove judged"]),
            ("/volumes", ["Create volume", "Restore", "Prune"]),
            ($"/{_node}/volumes/judged", ["Back up judged", "Restore judged", "Remove judged"]),
            ($"/{_node}/volumes/judged/files", ["New folder", "judged.txt", "Rename judged.txt", "Delete judged.txt"]),
        ];
        var findings = await Task.WhenAll(JudgeDialogsAsync(dialogs[..3], width), JudgeDialogsAsync(dialogs[3..], width));

        AssertNothing([.. findings.SelectMany(found => found)]);
    }

    private async Task<IReadOnlyList<string>> JudgeDialogsAsync(IEnumerable<(string Address, string[] Buttons)> dialogs, int width)
    {
        await using var person = await _fixture.OpenAsync(ColorScheme.Light, width, 844);
        var findings = new List<string>();
        foreach (var (address, buttons) in dialogs)
        {
            await person.GoAsync(address);
            await person.ArrivedAsync();
            foreach (var button in buttons)
            {
                await person.Button(button).First.ClickAsync();
                var dialog = person.Page.GetByRole(AriaRole.Dialog);
                await Expect(dialog).ToBeVisibleAsync();
                await Expect(dialog.Locator(".p-spinner")).Not.ToBeAttachedAsync();
                findings.AddRange(await JudgeInBothThemesAsync(person.Page, $"the dialog '{button}' of {address}"));
                await person.PictureAsync($"dialog-{button.Split(' ')[0]}-{address.Split('/')[^1]}-{width}", () => Task.CompletedTask);
                await person.Page.Keyboard.PressAsync("Escape");
                await Expect(dialog).Not.ToBeVisibleAsync();
            }
        }

        return findings;
    }

    [Fact]
    public async Task SignIn_Judged_HasNoSeriousFinding()
    {
        await using var person = await _fixture.OpenStrangerAsync();
        await person.GoAsync("/sign-in");

        Assert.Empty(await JudgeInBothThemesAsync(person.Page, "/sign-in"));
    }

    [Fact]
    public async Task SkipLink_Pressed_GoesToTheContentOfTheSamePage()
    {
        await using var person = await _fixture.OpenAsync();
        await person.GoAsync("/images");
        await person.ArrivedAsync();
        var skip = person.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" });

        await skip.FocusAsync();
        await Expect(skip).ToBeInViewportAsync();
        await person.Page.Keyboard.PressAsync("Enter");

        await Expect(person.Page.Locator("main")).ToBeFocusedAsync();
        Assert.EndsWith("/images", person.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_BeforeItsCircuitStands_TakesNoInput()
    {
        await using var person = await _fixture.OpenAsync();
        using var handler = new HttpClientHandler { UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(_fixture.Portal.Url) };
        var cookies = await person.Page.Context.CookiesAsync();
        client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));

        var html = await client.GetStringAsync("/containers/create");

        Assert.Matches("<fieldset[^>]* disabled", html);
        await person.GoAsync("/containers/create");
        await Expect(person.Page.GetByLabel("Image", new() { Exact = true })).ToBeEnabledAsync();
    }

    private static void AssertNothing(IReadOnlyCollection<string> findings) =>
        Assert.True(findings.Count == 0, string.Join('\n', findings));

    // Themes differ in colours alone: the second is judged by these, in the page as it stands, instead of by all rules in one loaded anew.
    private async Task<IReadOnlyList<string>> JudgeInBothThemesAsync(IPage page, string where)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            // Also for what is loaded from now on: a page whose files were broken off by a change of the host's network loads itself again.
            await page.AddInitScriptAsync(judged.Axe);
            await page.EvaluateAsync(judged.Axe);
        }

        var light = await JudgeAsync(page, where, null);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        var dark = await JudgeAsync(page, $"{where} in dark", "color-contrast");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        return [.. light, .. dark];
    }

    private static async Task<IReadOnlyList<string>> JudgeAsync(IPage page, string where, string? rule)
    {
        var result = await page.EvaluateAsync<JsonElement>(
            """
            async rule => {
              // What still fades in has colours that nobody is meant to read.
              const fading = document.getAnimations().filter(animation => animation.effect?.getComputedTiming().iterations !== Infinity);
              await Promise.allSettled(fading.map(animation => animation.finished));
              const found = await axe.run(document, { resultTypes: ['violations'], ...(rule ? { runOnly: [rule] } : {}) });
              const places = found.violations.flatMap(rule => rule.nodes.map(node => [rule.impact, rule.id, node.html.slice(0, 200)]));
              const wide = document.documentElement.scrollWidth > innerWidth + 1;
              return wide ? [...places, ['serious', 'too-wide', `${document.documentElement.scrollWidth} pixels`]] : places;
            }
            """,
            rule);
        return [.. result.EnumerateArray()
            .Where(place => s_serious.Contains(place[0].GetString()))
            .Select(place => $"{where}: {place[1]} at {place[2]}")];
    }
}
