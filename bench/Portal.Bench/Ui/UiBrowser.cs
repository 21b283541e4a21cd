using Microsoft.Playwright;
using Portal.Testing;

namespace Portal.Bench.Ui;

/// <summary>
/// A browser that is signed in. What it measures it measures in the page, from the event to what is drawn: the way between this
/// process and the browser is in no figure.
/// </summary>
internal sealed partial class UiBrowser : IAsyncDisposable
{
    // When the page takes input: its circuit stands and it says so.
    private const string Watch = """
        new MutationObserver(() => {
          if (!window.readyAt && document.querySelector('main:not([aria-busy])')) { window.readyAt = performance.now(); }
        }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy'] });
        """;

    private readonly IBrowser _browser;
    private readonly IPage _page;

    private UiBrowser(IBrowser browser, IPage page)
    {
        _browser = browser;
        _page = page;
    }

    public static async Task<UiBrowser> OpenAsync(IPlaywright playwright, Uri portal, string password)
    {
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        });
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(), ViewportSize = new ViewportSize { Width = 1400, Height = 900 },
        });
        context.SetDefaultTimeout((float)TestSettings.Within(TimeSpan.FromSeconds(60)).TotalMilliseconds);
        await context.AddInitScriptAsync(Watch);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("User name").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard", Level = 1 }).WaitForAsync();
        return new UiBrowser(browser, page);
    }

    /// <summary>Loads a page whole.</summary>
    /// <returns>Milliseconds from the beginning of the navigation until the page takes input.</returns>
    public async Task<double> LoadAsync(string path)
    {
        await _page.GotoAsync(path);
        await _page.WaitForFunctionAsync("() => window.readyAt");
        return await _page.EvaluateAsync<double>("() => window.readyAt");
    }

    /// <summary>Loads a page in a browser that has nothing of the portal but the session.</summary>
    /// <returns>Milliseconds from the beginning of the navigation until the first text or picture is drawn (Paint Timing, section 4).</returns>
    public async Task<double> FirstPaintAsync(string path)
    {
        await using var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = _page.Url, ViewportSize = new ViewportSize { Width = 1400, Height = 900 }, StorageState = await _page.Context.StorageStateAsync(),
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        return await page.EvaluateAsync<double>(
            """
            () => new Promise(resolve => new PerformanceObserver((entries, observer) => {
              for (const entry of entries.getEntriesByName('first-contentful-paint')) { observer.disconnect(); resolve(entry.startTime); }
            }).observe({ type: 'paint', buffered: true }))
            """);
    }

    /// <summary>Opens a page by the menu.</summary>
    /// <returns>Milliseconds from the click until the page's heading stands.</returns>
    public Task<double> ChangeAsync(string title) => _page.EvaluateAsync<double>(
        """
        title => new Promise(resolve => {
          const link = [...document.querySelectorAll('nav a')].find(a => a.textContent.includes(title));
          const begin = performance.now();
          const watch = new MutationObserver(() => {
            if (document.querySelector('h1')?.textContent.trim().startsWith(title)) {
              watch.disconnect();
              resolve(performance.now() - begin);
            }
          });
          watch.observe(document.body, { subtree: true, childList: true, characterData: true });
          link.click();
        })
        """,
        title);

    /// <summary>The address of something that a page lists.</summary>
    public async Task<string> FindAsync(string path, string name)
    {
        await LoadAsync(path);
        return "/" + await _page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First.GetAttributeAsync("href");
    }

    /// <summary>Opens a shell that shows what is typed and does nothing else.</summary>
    public async Task OpenConsoleAsync(string container)
    {
        await LoadAsync($"{container}/console");
        await ShowsAsync("#");
        await _page.Locator(".console-host .xterm-helper-textarea").FocusAsync();
        await _page.Keyboard.InsertTextAsync("echo re''ady; cat > /dev/null");
        await _page.Keyboard.PressAsync("Enter");
        await ShowsAsync("ready");
        await _page.EvaluateAsync(
            """
            () => {
              const terminal = document.querySelector('.console-host').terminal;
              window.echo = null;
              let pressed = 0;
              terminal.textarea.addEventListener('keydown', () => { pressed = performance.now(); window.echo = null; }, true);
              terminal.onWriteParsed(() => { if (pressed) { window.echo = performance.now() - pressed; pressed = 0; } });
            }
            """);
    }

    /// <summary>Types a key.</summary>
    /// <returns>Milliseconds until the terminal has it from the program.</returns>
    public async Task<double> TypeAsync()
    {
        await _page.Keyboard.PressAsync("x");
        await _page.WaitForFunctionAsync("() => window.echo !== null");
        return await _page.EvaluateAsync<double>("() => window.echo");
    }

    public async Task OpenLogAsync(string container)
    {
        await LoadAsync($"{container}/logs");
        await _page.GetByRole(AriaRole.Log).WaitForAsync();
        await _page.EvaluateAsync(
            """
            () => {
              const log = document.querySelector('[role=log]');
              window.lines = new Map();
              const note = () => {
                for (const [text] of log.textContent.matchAll(/told-\d+\./g)) {
                  if (!window.lines.has(text)) { window.lines.set(text, performance.timeOrigin + performance.now()); }
                }
              };
              new MutationObserver(note).observe(log, { subtree: true, childList: true, characterData: true });
              note();
            }
            """);
    }

    /// <summary>Waits for a line.</summary>
    /// <returns>When it was shown, in milliseconds of Unix time.</returns>
    public async Task<double> ShownAsync((string Text, double At) line)
    {
        await _page.WaitForFunctionAsync("text => window.lines.has(text)", line.Text);
        return await _page.EvaluateAsync<double>("text => window.lines.get(text)", line.Text);
    }

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    private Task ShowsAsync(string text) => _page.WaitForFunctionAsync(
        """
        text => {
          const buffer = document.querySelector('.console-host')?.terminal?.buffer.active;
          return buffer && Array.from({ length: buffer.length }, (_, line) => buffer.getLine(line).translateToString(true))
            .some(line => line.includes(text));
        }
        """,
        text);
}
