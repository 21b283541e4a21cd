using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>A stack written in the browser and deployed from there.</summary>
[Collection(SharedPortal.Name)]
public sealed class StacksTests(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly string _name = $"stack{Guid.NewGuid():N}"[..12];

    private string Container => $"{_name}-web-1";

    public async Task InitializeAsync() => await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    public async Task DisposeAsync()
    {
        await fixture.Portal.TryDockerAsync("rm", "-f", Container);
        await fixture.Portal.TryDockerAsync("network", "rm", $"{_name}_default");
    }

    [Fact]
    public async Task Stack_Written_IsHelpedWithJudgedAtOnceSavedAndDeployed()
    {
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/stacks/new");
        await person.ArrivedAsync();
        await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(_name);
        var editor = person.Page.Locator(".p-editor[data-ready] .monaco-editor").First;
        await editor.ClickAsync();
        await person.Page.Keyboard.PressAsync("Control+End");

        // A key is offered, and so are the words that it takes.
        await person.Page.Keyboard.TypeAsync("    rest");
        await Offered(person, "restart").ClickAsync();
        await Offered(person, "unless-stopped").ClickAsync();
        await Expect(editor).ToContainTextAsync("restart: unless-stopped");

        // What is wrong is told without being asked for, and no more once it is right.
        await person.Page.Keyboard.PressAsync("Enter");
        await person.Page.Keyboard.TypeAsync("tty: perhaps");
        var problem = person.Page.GetByText("'perhaps' is not true or false.");
        await Expect(problem).ToBeVisibleAsync();
        await Expect(editor.Locator(".squiggly-error")).ToHaveCountAsync(1);
        await person.Page.Keyboard.PressAsync("Control+Backspace");
        await person.Page.Keyboard.TypeAsync("true");
        await Expect(problem).ToBeHiddenAsync();

        await person.Button("Save").ClickAsync();
        await Expect(person.Heading(_name)).ToBeVisibleAsync();
        await person.Button("Deploy").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText(Container)).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await Expect(person.Page).ToHaveURLAsync(new Regex("/deployments/"));
        await Expect(person.Page.GetByText("succeeded", new() { Exact = true }).First).ToBeVisibleAsync();
        var made = await fixture.Portal.DockerAsync(
            "inspect", "-f", "{{.State.Status}} {{.HostConfig.RestartPolicy.Name}} {{.Config.Tty}}", Container);
        Assert.Equal("running unless-stopped true", made.Trim());
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task Form_BesideTheText_ChangesItsLinesAloneAndFollowsIt()
    {
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/stacks/new");
        await person.ArrivedAsync();
        var editor = person.Page.Locator(".p-editor[data-ready] .monaco-editor").First;
        await editor.ClickAsync();
        await person.Page.Keyboard.PressAsync("Control+End");
        await person.Page.Keyboard.TypeAsync("    # kept as it is");
        await person.Button("Form").ClickAsync();
        var form = person.Page.GetByRole(AriaRole.Region, new() { Name = "Form of the file" });

        // From the form to the text.
        var image = form.GetByLabel("Image", new() { Exact = true });
        await image.FillAsync("busybox:1.36");
        await image.PressAsync("Tab");
        await HasAsync(person, "busybox:1.36");
        await form.GetByLabel("Restart policy").SelectOptionAsync("no");
        await HasAsync(person, "restart");
        var ports = form.GetByLabel("Ports, new entry");
        await ports.FillAsync("8080:80");
        await ports.PressAsync("Enter");
        await Expect(form.GetByLabel("Ports, entry 1")).ToHaveValueAsync("8080:80");
        const string Written =
            "services:\n  web:\n    image: busybox:1.36\n    command: sleep 1000\n    restart: \"no\"\n    ports:\n      - \"8080:80\"\n    # kept as it is";
        await HasAsync(person, "8080:80");
        Assert.Equal(Written, await TextAsync(person));

        // It is undone as if it had been typed, and the form follows.
        await editor.ClickAsync();
        await person.Page.Keyboard.PressAsync("Control+End");
        await person.Page.Keyboard.PressAsync("Control+z");
        await Expect(form.GetByLabel("Ports, entry 1")).ToHaveCountAsync(0);

        // What is typed in the text is in the form, and what it can't hold is shown with the reason.
        await person.Page.Keyboard.PressAsync("Control+End");
        await person.Page.Keyboard.PressAsync("Enter");
        await person.Page.Keyboard.TypeAsync("hostname: h-${X}");
        await form.GetByText("More of this service").ClickAsync();
        var host = form.GetByLabel("Host name");
        await Expect(host).ToHaveValueAsync("h-${X}");
        await Expect(host).ToHaveAttributeAsync("readonly", "");
        await Expect(form.GetByText("It has a variable. Change it in the text.")).ToBeVisibleAsync();
        Assert.Empty(person.Errors);
    }

    private static Task HasAsync(PortalPage person, string part) => Eventually.HoldsAsync(
        async () => (await TextAsync(person)).Contains(part, StringComparison.Ordinal), $"the text has '{part}'");

    private static Task<string> TextAsync(PortalPage person) =>
        person.Page.EvaluateAsync<string>("() => document.querySelector('.p-editor').editor.getValue()");

    /// <summary>The part that decides where somebody writes, by itself: it is the browser that runs it.</summary>
    [Fact]
    public async Task Script_OfPlacesInYaml_GoesByIndentation()
    {
        await using var person = await fixture.OpenAsync();

        var failures = await person.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const { nameAt, placeAt } = await import('/js/yaml-place.js');
              const failures = [];
              for (const [text, wanted] of [
                ['', ''], ['serv', ''], ['services:\n  ', 'services'], ['services:\n  web:\n    ima', 'services web'],
                ['services:\n  web:\n    restart: al', 'services web restart'],
                ['services:\n  web:\n    image: x\n\n    # note\n  db:\n    ', 'services db'],
                ['services:\n  web:\n    ports:\n      - tar', 'services web ports -'],
                ['services:\n  web:\n    ports:\n      - target: 80\n        pub', 'services web ports -'],
                ['services:\n  web:\n    ports:\n    - target: 80\n    - pub', 'services web ports -'],
                ['services:\n  web:\n    volumes:\n      - type: bind\n        bind:\n          pro', 'services web volumes - bind'],
                ['a:\n  - - b', 'a - -'],
                ['services:\n  web: {ima', null], ['# ima', null], ['a: "b', null],
              ]) {
                const lines = text.split('\n');
                const place = placeAt(lines, lines.length - 1, lines.at(-1).length);
                const found = place && place.path.join(' ');
                if (found !== wanted) { failures.push(`${JSON.stringify(text)}: ${found}, not ${wanted}`); }
              }
              const file = ['services:', '  web:', '    image: a', '  db:', 'networks:', '  back:', '  front:', '    internal: true'];
              for (const [path, wanted] of [
                ['services web depends_on -', 'db'], ['services web networks', 'back front'], ['services web', ''], ['networks', ''],
              ]) {
                const found = nameAt(file, path.split(' ')).join(' ');
                if (found !== wanted) { failures.push(`${path}: ${found}, not ${wanted}`); }
              }
              return failures;
            }
            """);

        Assert.Empty(failures);
    }

    // Monaco draws what it offers as rows, of which the one that is chosen has what is typed next.
    private static ILocator Offered(PortalPage person, string name) =>
        person.Page.Locator(".suggest-widget.visible .monaco-list-row").Filter(new() { HasText = name }).First;
}
