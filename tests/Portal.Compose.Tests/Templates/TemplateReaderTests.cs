using Portal.Compose.Loading;
using Portal.Compose.Templates;

namespace Portal.Compose.Tests.Templates;

public sealed class TemplateReaderTests
{
    [Fact]
    public void Read_AllThatATemplateCanSay_IsRead()
    {
        const string Text = """
            x-template:
              title: App
              category: Web
              description: Does it.
              link: https://example.com/app
              variables:
                PORT: { label: Port, help: On the node., default: "80", required: true }
                SIZE: { choices: [small, large], default: small }
                KEY: { secret: true, generate: 64, characters: hex }
            services: { app: { image: "app:${SIZE}" } }
            """;

        var (template, problems) = TemplateReader.Read("app.yaml", Text, new ComposeLimits());

        Assert.Empty(problems);
        Assert.Equal(("App", "Web", "Does it.", "https://example.com/app", Text),
            (template!.Title, template.Category, template.Description, template.Link, template.Text));
        Assert.Equal(["PORT", "SIZE", "KEY"], template.Variables.Select(variable => variable.Name));
        var (port, size, key) = (template.Variables[0], template.Variables[1], template.Variables[2]);
        Assert.Equal(("Port", "On the node.", "80", true, false), (port.Label, port.Help, port.Default, port.IsRequired, port.IsSecret));
        Assert.Equal(("SIZE", "small", false), (size.Label, size.Default, size.IsRequired));
        Assert.Equal(["small", "large"], size.Choices);
        Assert.Equal((true, 64, true), (key.IsSecret, key.Generate, key.IsHex));
        Assert.Null(port.WhyNot("1"));
        Assert.Null(size.WhyNot(""));
        Assert.Equal("This is needed.", port.WhyNot(""));
        Assert.Equal("Choose one of those that are offered.", size.WhyNot("huge"));
        Assert.Equal("One line, without control characters.", key.WhyNot("a\nB=c"));
    }

    [Theory]
    [InlineData("services: {}", "x-template")]
    [InlineData("- a", "x-template")]
    [InlineData("x-template: []", "x-template")]
    [InlineData("x-template: { title: a }\n---\nx-template: { title: b }", "x-template")]
    [InlineData("x-template: {}", "x-template")]
    [InlineData("x-template: { title: a, icon: b }", "x-template.icon")]
    [InlineData("x-template: { title: [a] }", "x-template.title")]
    [InlineData("x-template: { title: a, link: 'javascript:alert(1)' }", "x-template.link")]
    [InlineData("x-template: { title: a, variables: [A] }", "x-template.variables")]
    [InlineData("x-template: { title: a, variables: { A: b } }", "x-template.variables.A")]
    [InlineData("x-template: { title: a, variables: { 'A=B': {} } }", "x-template.variables.A=B")]
    [InlineData("x-template: { title: a, variables: { A: { choices: [] } } }", "x-template.variables.A.choices")]
    [InlineData("x-template: { title: a, variables: { A: { choices: [[b]] } } }", "x-template.variables.A.choices")]
    [InlineData("x-template: { title: a, variables: { A: { choices: [b], default: c } } }", "x-template.variables.A.default")]
    [InlineData("x-template: { title: a, variables: { A: { default: \"b\\u0000\" } } }", "x-template.variables.A.default")]
    [InlineData("x-template: { title: a, variables: { A: { generate: 4 } } }", "x-template.variables.A.generate")]
    [InlineData("x-template: { title: a, variables: { A: { generate: 1000000000 } } }", "x-template.variables.A.generate")]
    [InlineData("x-template: { title: a, variables: { A: { required: maybe } } }", "x-template.variables.A.required")]
    [InlineData("x-template: { title: a, variables: { A: { characters: emoji } } }", "x-template.variables.A.characters")]
    public void Read_Hostile_IsRefusedWithItsPlace(string text, string key)
    {
        var (template, problems) = TemplateReader.Read("app.yaml", text, new ComposeLimits());

        Assert.Null(template);
        Assert.Contains(problems, problem => problem.Key == key && problem.Mark.File == "app.yaml");
    }

    [Fact]
    public void Read_TooLarge_IsRefused()
    {
        var (template, problems) = TemplateReader.Read(
            "app.yaml", "x-template: { title: a, description: " + new string('a', 200) + " }", new ComposeLimits { FileLength = 100 });

        Assert.Null(template);
        Assert.Single(problems);
    }
}
