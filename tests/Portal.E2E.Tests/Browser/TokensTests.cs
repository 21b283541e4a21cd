using System.Text.Json;
using Microsoft.Playwright;
using Portal.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>Tokens made in a real browser, and used by the stock docker client through the portal.</summary>
[Collection(SharedPortal.Name)]
public sealed class TokensTests(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly string _name = $"token-{Guid.NewGuid():N}"[..14];

    public Task InitializeAsync() => fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    public Task DisposeAsync() => fixture.Portal.TryDockerAsync("rm", "-f", _name);

    [Fact]
    public async Task Token_MadeOnThePage_IsDockersUntilItIsRevoked()
    {
        await using var person = await fixture.OpenAsync();
        var everything = await MakeAsync(person, $"{_name} all", "all that its owner may do");
        var looking = await MakeAsync(person, $"{_name} viewer", "what the role Viewer allows");
        var node = await NodeNameAsync(person);
        async Task<ToolResult> DockerAsync(string token, params string[] arguments)
        {
            var folder = Path.Combine(fixture.Portal.Temp, $"docker-{Guid.NewGuid():N}");
            Directory.CreateDirectory(folder);
            var headers = new { HttpHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" } };
            await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(headers));
            return await Tool.TryRunAsync(
                "docker", ["--config", folder, "-H", $"tcp://{fixture.Portal.Http}/docker/{node}", .. arguments]);
        }

        await SucceedsAsync(DockerAsync(everything, "run", "-d", "--name", _name, "busybox:latest", "sh", "-c", "echo begun; sleep 600"));
        Assert.Equal("inside\n", await SucceedsAsync(DockerAsync(everything, "exec", _name, "echo", "inside")));
        Assert.Equal("one\n", await SucceedsAsync(DockerAsync(everything, "run", "--rm", "busybox:latest", "echo", "one")));
        Assert.Contains("begun", await SucceedsAsync(DockerAsync(everything, "logs", _name)), StringComparison.Ordinal);

        Assert.Contains(_name, await SucceedsAsync(DockerAsync(looking, "ps")), StringComparison.Ordinal);
        var denied = await DockerAsync(looking, "exec", _name, "id");
        Assert.NotEqual(0, denied.ExitCode);
        Assert.Contains("containers.exec", denied.Error, StringComparison.Ordinal);

        await person.OpenAsync("Tokens");
        await person.Button($"Revoke {_name} all").ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await Expect(person.Row($"{_name} all")).ToHaveCountAsync(0);
        Assert.NotEqual(0, (await DockerAsync(everything, "ps")).ExitCode);
    }

    internal static async Task<string> MakeAsync(PortalPage person, string name, string limit)
    {
        await person.OpenAsync("Tokens");
        await person.Button("Make a token").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("What it is for").FillAsync(name);
        await dialog.GetByLabel("May do at most").SelectOptionAsync(new SelectOptionValue { Label = limit });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();
        var text = await dialog.GetByTestId("token").TextContentAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(person.Row(name)).ToBeVisibleAsync();
        return text!;
    }

    private static async Task<string> NodeNameAsync(PortalPage person)
    {
        await person.OpenAsync("Tokens");
        await person.Button("Make a token").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        var name = await dialog.Locator(".p-token-nodes label").First.TextContentAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        return name!.Trim();
    }

    private static async Task<string> SucceedsAsync(Task<ToolResult> running)
    {
        var result = await running;
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
