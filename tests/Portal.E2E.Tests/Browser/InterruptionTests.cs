using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing.Up;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>Networks that hiccup under a page, and people who are faster than it.</summary>
[Collection(SharedPortal.Name)]
public sealed class InterruptionTests(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly string _name = $"interrupted-{Guid.NewGuid():N}"[..20];

    public async Task InitializeAsync()
    {
        await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);
        await fixture.Portal.DockerAsync("run", "-d", "--name", _name, "busybox", "sleep", "1000");
    }

    public async Task DisposeAsync() => await fixture.Portal.DockerAsync("rm", "-f", _name);

    [Fact]
    public async Task View_LeftWhileItsScriptLoads_LeavesTheNextOneAlone()
    {
        await using var person = await fixture.OpenAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await person.Page.RouteAsync("**/LogView.razor.js*", async route =>
        {
            asked.TrySetResult();
            await left.Task;
            await route.ContinueAsync();
        });
        await OpenContainerAsync(person);
        await asked.Task;
        await person.TabAsync("Inspect");
        await Expect(person.Page.Locator("pre.p-json")).ToBeVisibleAsync();

        await person.Page.RunAndWaitForRequestFinishedAsync(
            () =>
            {
                left.SetResult();
                return Task.CompletedTask;
            },
            new() { Predicate = request => request.Url.Contains("LogView.razor.js", StringComparison.Ordinal) });

        // What the portal makes of it has been drawn when it has answered this.
        await person.Button("Pause").ClickAsync();
        await Expect(person.Button("Unpause")).ToBeVisibleAsync();
        await Expect(person.Page.Locator("pre.p-json")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Script_BrokenOff_IsFetchedAgain()
    {
        await using var person = await fixture.OpenAsync();
        var broken = 0;
        await person.Page.RouteAsync(
            "**/ConsoleView.razor.js*",
            route => Interlocked.Increment(ref broken) <= 2 ? route.AbortAsync("failed") : route.ContinueAsync());
        await OpenContainerAsync(person);

        await person.TabAsync("Console");

        await person.WaitForTerminalAsync("#");
        Assert.Equal(3, broken);
    }

    [Theory]
    [InlineData("**/js/portal*.js")]
    [InlineData("**/blazor.web*.js")]
    [InlineData("**/css/portal*.css")]
    public async Task FileOfThePage_BrokenOff_PageComesToLifeByItself(string file)
    {
        await using var person = await fixture.OpenAsync();
        var asked = 0;
        await person.Page.RouteAsync(
            file, route => Interlocked.Increment(ref asked) <= 2 ? route.AbortAsync("connectionreset") : route.ContinueAsync());

        await person.GoAsync("/volumes");

        await PortalUp.WaitUntilAsync(() => Task.FromResult(asked >= 3), TimeSpan.FromSeconds(30), () => "it is asked for until it comes");
        await person.ArrivedAsync();
        await Expect(person.Page.Locator(".p-guard")).Not.ToBeAttachedAsync();
        await person.Page.Locator("[data-theme-toggle]").ClickAsync();
        await Expect(person.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await person.OpenAsync("Networks");
    }

    [Fact]
    public async Task FileOfThePage_NeverThere_IsSaidAndTriedOnRequest()
    {
        await using var person = await fixture.OpenStrangerAsync();
        var isGone = true;
        await person.Page.RouteAsync(
            "**/js/passkeys*.js", route => isGone ? route.AbortAsync("connectionreset") : route.ContinueAsync());

        // Until the portal answers, no page is given up for one that can't be had.
        await person.Page.RouteAsync("**/healthz", route => route.AbortAsync("connectionrefused"));
        await person.GoAsync("/sign-in");
        await Expect(person.Page.GetByText("Loading it again")).ToBeVisibleAsync();
        await person.Page.GetByLabel("User name").FillAsync("somebody");

        // What was typed is not thrown away unasked.
        var again = person.Page.GetByRole(AriaRole.Link, new() { Name = "Load it again" });
        await Expect(again).ToBeVisibleAsync();
        await Expect(person.Page.GetByLabel("User name")).ToHaveValueAsync("somebody");

        isGone = false;
        await again.ClickAsync();
        await Expect(person.Page.GetByLabel("User name")).ToHaveValueAsync("");
        await Expect(again).Not.ToBeAttachedAsync();
    }

    [Fact]
    public async Task Form_WhenThePortalWasStartedAnew_HasWhatWasTypedButNoPassword()
    {
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/stacks/new");
        await person.ArrivedAsync();
        await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(_name);
        var editor = person.Page.Locator(".p-editor[data-ready]").First;
        await editor.Locator(".view-lines").First.ClickAsync();
        await person.Page.Keyboard.PressAsync("Control+A");
        await person.Page.Keyboard.TypeAsync("# half written");

        await LoseTheCircuitAsync(person);

        await Expect(person.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "What you had typed is here again" })).ToBeVisibleAsync();
        await Expect(person.Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync(_name);
        await Expect(editor.Locator(".view-lines").First).ToContainTextAsync("half written");
        Assert.Null(await person.Page.EvaluateAsync<string?>("() => sessionStorage.getItem('portal-typed')"));

        await person.GoAsync("/account/password");
        await person.ArrivedAsync();
        await person.Page.Locator("main input[type=password]").First.FillAsync("never kept");
        await LoseTheCircuitAsync(person);
        await Expect(person.Page.Locator("main input[type=password]").First).ToHaveValueAsync("");
    }

    // As the page hears it from a portal that does not know it any more.
    private static async Task LoseTheCircuitAsync(PortalPage person)
    {
        await person.Page.EvaluateAsync(
            "() => { window.isTheOldOne = true; document.getElementById('components-reconnect-modal').classList.add('components-reconnect-rejected'); }");
        await person.Page.WaitForFunctionAsync("() => !window.isTheOldOne");
        await person.ArrivedAsync();
    }

    [Fact]
    public async Task Click_LostWithTheConnection_CountsWhenItIsBack()
    {
        await using var person = await fixture.OpenAsync();
        var isCut = 0;
        await person.Page.RouteWebSocketAsync(new Regex("/_blazor"), page =>
        {
            var portal = page.ConnectToServer();
            page.OnMessage(frame =>
            {
                if (Encoding.UTF8.GetString(frame.Binary ?? []).Contains("OnLocationChanged", StringComparison.Ordinal)
                    && Interlocked.Exchange(ref isCut, 1) == 0)
                {
                    _ = CutAsync(page, portal);
                }
                else if (frame.Binary is { } bytes)
                {
                    portal.Send(bytes);
                }
                else if (frame.Text is { } text)
                {
                    portal.Send(text);
                }
            });
        });
        await person.ReloadAsync();
        await Expect(person.Page.Locator("main:not([aria-busy])")).ToBeVisibleAsync();

        await person.OpenAsync("Volumes");

        Assert.Equal(1, isCut);
    }

    [Fact]
    public async Task Console_CutOffAndPageLoadedAnew_GoesOnWhereItWas()
    {
        await using var person = await fixture.OpenAsync();
        var open = new List<IWebSocketRoute>();
        await person.Page.RouteWebSocketAsync(new Regex("/api/v1/consoles/"), page =>
        {
            open.Add(page);
            page.ConnectToServer();
        });
        await OpenContainerAsync(person);
        await person.TabAsync("Console");
        await person.WaitForTerminalAsync("#");
        await TypeAsync(person, "kept=yes; echo be''gun\n");
        await person.WaitForTerminalAsync("begun");

        // The way to the console breaks; the page finds it again by itself.
        await open[0].CloseAsync(new() { Code = 1001 });
        await PortalUp.WaitUntilAsync(() => Task.FromResult(open.Count == 2), TimeSpan.FromSeconds(30), () => "the page connects again");
        await Expect(person.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "interrupted" })).Not.ToBeAttachedAsync();
        await TypeAsync(person, "echo still=$kept\n");
        await person.WaitForTerminalAsync("still=yes");

        await person.ReloadAsync();
        await person.WaitForTerminalAsync("still=yes");
        await TypeAsync(person, "echo again=$kept\n");
        await person.WaitForTerminalAsync("again=yes");
        await person.Button("End").ClickAsync();
        await person.WaitForTerminalAsync("Ended by admin");
    }

    private static async Task TypeAsync(PortalPage person, string text)
    {
        await person.Page.Locator(".console-host .xterm-helper-textarea").FocusAsync();
        await person.Page.Keyboard.TypeAsync(text);
    }

    private async Task OpenContainerAsync(PortalPage person)
    {
        await person.OpenAsync("Containers");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = _name, Exact = true }).ClickAsync();
        await Expect(person.Heading(_name)).ToBeVisibleAsync();
    }

    private static async Task CutAsync(IWebSocketRoute page, IWebSocketRoute portal)
    {
        await portal.CloseAsync();
        await page.CloseAsync(new() { Code = 1001 });
    }
}
