using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing.Processes;
using Portal.Testing.Registries;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>Registries with a login, in a real browser, against a real registry that asks for one.</summary>
[Collection(SharedPortal.Name)]
public sealed class RegistriesTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const string Password = "s3cret of ada";
    private RegistryFixture _registry = null!;

    public async Task InitializeAsync()
    {
        var file = Path.Combine(fixture.Portal.Temp, $"htpasswd-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file, await Tool.RunAsync("htpasswd", "-Bbn", "ada", Password));
        _registry = await RegistryFixture.StartAsync($"auth:\n  htpasswd: {{ realm: test, path: {file} }}");
        await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);
    }

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Registry_TestedSavedAndUsed_ItsLoginServesPushesAndIsShownToNobody()
    {
        var image = $"{_registry.Host}/private/box:1";
        await fixture.Portal.DockerAsync("tag", "busybox:latest", image);
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Registries");
        await person.Button("Add a registry").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Address").FillAsync(_registry.Host);
        await dialog.GetByLabel("User name").FillAsync("ada");
        await dialog.GetByLabel("Password or access token").FillAsync("wrong");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await Expect(dialog.GetByText("failed", new() { Exact = true })).ToBeVisibleAsync();
        await dialog.GetByLabel("Password or access token").FillAsync(Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await Expect(dialog.GetByText("login accepted")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await person.Button($"Test the connection to {_registry.Host}").ClickAsync();
        await Expect(person.Row(_registry.Host).GetByText("login accepted")).ToBeVisibleAsync();
        await person.Button($"Change {_registry.Host}").ClickAsync();
        await Expect(dialog.GetByLabel("Password or access token")).ToHaveValueAsync("");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await person.OpenAsync("Images");
        await person.Page.GetByLabel("Search").FillAsync(image);
        await Expect(person.Page).ToHaveURLAsync(new Regex("q=.*private"));
        await person.Page.GetByLabel("Select all that are shown").CheckAsync();
        await person.Button("Push the selected images").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Push", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Listitem).Filter(new() { HasText = image })).ToContainTextAsync("pushed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();

        await person.OpenAsync("Registries");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = _registry.Host, Exact = true }).ClickAsync();
        await person.Button("Tags of private/box").ClickAsync();
        await Expect(person.Page.GetByText(image, new() { Exact = true })).ToBeVisibleAsync();
    }
}
