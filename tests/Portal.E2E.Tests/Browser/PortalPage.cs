using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing.Up;
using Portal.Testing;

namespace Portal.E2E.Tests.Browser;

/// <summary>A person at the dashboard: the steps that tests have in common.</summary>
internal sealed class PortalPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly PortalUp _portal;
    private readonly ConcurrentQueue<string> _errors = new();

    public PortalPage(IBrowserContext context, IPage page, PortalUp portal)
    {
        _context = context;
        _portal = portal;
        Page = page;
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            // Chromium breaks off what it is fetching when an interface of the host comes or goes, and fetches it again: no page's fault.
            if (message.Type == "error" && !message.Text.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
                _errors.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What the page's scripts complained of so far.</summary>
    public IReadOnlyCollection<string> Errors => [.. _errors];

    public async Task SignInAsync(string password = PortalUp.AdminPassword)
    {
        await GoAsync("/");
        await Page.GetByLabel("User name").FillAsync("admin");
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Opens an address. Begun anew when the network of the host changed meanwhile, since Chromium then gives it up.</summary>
    public Task GoAsync(string address) => ArriveAsync(() => Page.GotoAsync(address));

    /// <summary>Loads the page anew, as <see cref="GoAsync"/> does.</summary>
    public Task ReloadAsync() => ArriveAsync(() => Page.ReloadAsync());

    /// <summary>Waits until the page takes input. One whose files were broken off by a change of the host's network loads itself again.</summary>
    public Task ArrivedAsync() => Assertions.Expect(Page.Locator("main:not([aria-busy])")).ToBeVisibleAsync(
        new() { Timeout = (float)TestSettings.Within(TimeSpan.FromSeconds(60)).TotalMilliseconds });

    /// <summary>Opens a page of the main menu and waits for its heading.</summary>
    public async Task OpenAsync(string title)
    {
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await Assertions.Expect(Heading(title)).ToBeVisibleAsync();
    }

    public ILocator Heading(string title) => Page.GetByRole(AriaRole.Heading, new() { Name = title, Level = 1 });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Row(string name) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = name });

    public ILocator Alert => Page.GetByRole(AriaRole.Alert);

    /// <summary>Opens a view of the container whose page is shown.</summary>
    public async Task TabAsync(string name)
    {
        var tab = Page.GetByRole(AriaRole.Navigation, new() { Name = "Views of the container" })
            .GetByRole(AriaRole.Link, new() { Name = name });
        await tab.ClickAsync();
        await Assertions.Expect(tab).ToHaveAttributeAsync("aria-current", "page");
    }

    /// <summary>Fills the form of a new container.</summary>
    public async Task FillContainerAsync(string name, string image, string command = "")
    {
        await OpenAsync("Containers");
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Create") }).First.ClickAsync();
        await Assertions.Expect(Heading("Create container")).ToBeVisibleAsync();
        await Page.GetByLabel("Image", new() { Exact = true }).FillAsync(image);
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("Command", new() { Exact = true }).FillAsync(command);
    }

    /// <summary>Begins a pull on the page of images.</summary>
    public async Task PullAsync(string image)
    {
        await Button("Pull image").ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Image to pull").FillAsync(image);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pull", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog).Not.ToBeVisibleAsync();
    }

    /// <summary>The text that a terminal shows, line by line.</summary>
    public Task<string> TerminalTextAsync() => Page.Locator(".console-host").EvaluateAsync<string>(
        """
        host => {
          if (!host.terminal) { return ''; }
          const buffer = host.terminal.buffer.active;
          const lines = [];
          for (let index = 0; index < buffer.length; index++) { lines.push(buffer.getLine(index).translateToString(true)); }
          return lines.join('\n');
        }
        """);

    public async Task WaitForTerminalAsync(string text)
    {
        var shown = "";
        await Assertions.Expect(Page.Locator(".console-host")).ToBeAttachedAsync();
        await PortalUp.WaitUntilAsync(
            async () => (shown = await TerminalTextAsync()).Contains(text, StringComparison.Ordinal),
            TimeSpan.FromSeconds(15),
            () => $"the terminal at {Page.Url} shows '{text}'. It shows:\n{shown.TrimEnd()}");
    }

    /// <summary>Keeps a picture of the page, when <c>PORTAL_TEST_SCREENSHOTS</c> names a folder: for the README, and for looking at.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="prepare">Makes the page worth a picture; not called when none is taken.</param>
    public async Task PictureAsync(string name, Func<Task> prepare)
    {
        if (Environment.GetEnvironmentVariable("PORTAL_TEST_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await prepare();
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private static async Task ArriveAsync(Func<Task> go)
    {
        const int Attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await go();
                return;
            }
            catch (PlaywrightException failure) when (failure.Message.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal)
                && attempt < Attempts)
            {
                // Another engine's bridge came or went.
            }
        }
    }
}
