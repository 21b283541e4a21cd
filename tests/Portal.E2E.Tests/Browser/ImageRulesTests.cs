using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>A service that follows the tags of a real registry, set and taken in a real browser.</summary>
[Collection(SharedPortal.Name)]
public sealed class ImageRulesTests(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly string _name = $"rules{Guid.NewGuid():N}"[..12];

    private string Repository => $"{fixture.Registry.Host}/{_name}/box";

    public async Task InitializeAsync()
    {
        await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);
        await fixture.Portal.DockerAsync("create", "--name", _name, "busybox:latest");
        foreach (var tag in new[] { "1.0.0", "1.10.0", "1.9.0", "1.11.0-rc.1", "2.0.0", "latest" })
        {
            await fixture.Portal.DockerAsync("commit", "-c", $"ENV BOX={tag}", _name, $"{Repository}:{tag}");
            await fixture.Portal.DockerAsync("push", $"{Repository}:{tag}");
            await fixture.Portal.DockerAsync("rmi", $"{Repository}:{tag}");
        }
    }

    public async Task DisposeAsync()
    {
        await fixture.Portal.TryDockerAsync("rm", "-f", $"{_name}-web-1", _name);
        await fixture.Portal.TryDockerAsync("network", "rm", $"{_name}_default");
    }

    [Fact]
    public async Task Rule_TriedSavedAndTaken_DeploysTheNewestTagThatCounts()
    {
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/stacks/new");
        await person.ArrivedAsync();
        await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(_name);
        await person.Page.Locator(".p-editor[data-ready] .monaco-editor").First.ClickAsync();
        await person.Page.Keyboard.PressAsync("Control+A");
        await person.Page.Keyboard.InsertTextAsync(
            $"services: {{web: {{image: '{Repository}:1.0.0', init: true, command: [sleep, '1000']}}}}");
        await person.Button("Save").ClickAsync();
        await Expect(person.Heading(_name)).ToBeVisibleAsync();
        var stack = person.Page.Url;
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await person.Button("Deploy").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await SucceedsAsync(person);

        await person.GoAsync(stack);
        await person.ArrivedAsync();
        await person.Button("Choose the tag of web").ClickAsync();
        await dialog.GetByLabel("The newest tag is told by").SelectOptionAsync("Version");
        await dialog.GetByLabel("Which versions").FillAsync("newest");
        await person.Button("See what it finds").ClickAsync();
        await Expect(dialog.GetByText("A range of versions is written as")).ToBeVisibleAsync();
        await dialog.GetByLabel("Which versions").FillAsync("^1");
        await person.Button("See what it finds").ClickAsync();
        await Expect(dialog.GetByText($"It would take {Repository}:1.10.0.")).ToBeVisibleAsync();
        await dialog.GetByText("3 tags are left out").ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "2.0.0" })).ToContainTextAsync("outside of the range");
        await Expect(dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "1.11.0-rc.1" })).ToContainTextAsync("a pre-release");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(person.Row("version ^1")).ToBeVisibleAsync();

        await person.Button("Look for newer tags").ClickAsync();
        await Expect(person.Row("version ^1").GetByText("1.10.0", new() { Exact = true })).ToBeVisibleAsync();
        await person.Button("Deploy them").ClickAsync();
        await SucceedsAsync(person);

        Assert.Equal("1.10.0", (await fixture.Portal.DockerAsync("exec", $"{_name}-web-1", "sh", "-c", "echo $BOX")).Trim());
        Assert.Empty(person.Errors);
    }

    private static async Task SucceedsAsync(PortalPage person)
    {
        await Expect(person.Page).ToHaveURLAsync(new Regex("/deployments/"));
        await Expect(person.Page.GetByText("succeeded", new() { Exact = true }).First).ToBeVisibleAsync();
    }
}
