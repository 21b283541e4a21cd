using Microsoft.Playwright;
using Portal.Testing.Processes;

namespace Portal.E2E.Tests.Browser;

/// <summary>A portal with something on each of its pages, and what judges them.</summary>
public sealed class JudgedPortal : IAsyncLifetime
{
    public BrowserFixture Browser { get; } = new();

    /// <summary>The script of axe-core.</summary>
    public string Axe { get; private set; } = "";

    /// <summary>Addresses of a node, and of a container and an image on it, without the first slash.</summary>
    public string Node { get; private set; } = "";

    /// <inheritdoc cref="Node"/>
    public string Container { get; private set; } = "";

    /// <inheritdoc cref="Node"/>
    public string Image { get; private set; } = "";

    /// <summary>Addresses of one thing of each kind that has a page of its own, by the page's route; without the first slash.</summary>
    public IReadOnlyDictionary<string, string> Things { get; private set; } = new Dictionary<string, string>();

    public Task InitializeAsync() => Testing.Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Browser.DisposeAsync();

    private async Task BeginAsync()
    {
        Axe = await ReadAxeAsync();
        await Browser.InitializeAsync();
        var portal = Browser.Portal;
        await portal.DockerAsync("load", "-i", Browser.Archive);
        await portal.DockerAsync("run", "-d", "--name", "seen", "-p", "80", "busybox", "sh", "-c", "echo hello; sleep 10000");
        await portal.TryDockerAsync("run", "--name", "broken", "busybox", "sh", "-c", "exit 3");
        await portal.DockerAsync("network", "create", "judged");
        await portal.DockerAsync("run", "--rm", "-v", "judged:/v", "busybox", "sh", "-c", "echo hello > /v/judged.txt");
        await using var person = await Browser.OpenAsync();
        await person.OpenAsync("Containers");
        Container = await person.Page.GetByRole(AriaRole.Link, new() { Name = "seen" }).GetAttributeAsync("href") ?? "";
        await person.OpenAsync("Images");
        Image = await person.Page.GetByRole(AriaRole.Link, new() { Name = "busybox:latest", Exact = true }).GetAttributeAsync("href") ?? "";
        Node = Container[..Container.IndexOf("/containers", StringComparison.Ordinal)];
        Things = await new JudgedThings(portal.Url, await TokensTests.MakeAsync(person, "judged", "all that its owner may do"), Node["nodes/".Length..])
            .MakeAsync();
    }

    private static async Task<string> ReadAxeAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "axe");
        var script = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(script))
        {
            await Tool.RunAsync("npm", "ci", "--prefix", folder);
        }

        return await File.ReadAllTextAsync(script);
    }
}
