using Portal.Compose.Loading;
using Portal.Compose.Sources;
using Portal.Compose.Templates;

namespace Portal.Compose.Tests.Templates;

public sealed class CatalogueReaderTests
{
    private const string Shop = "x-template: {title: Shop}\nservices: {web: {image: nginx}}\n";

    [Fact]
    public void Read_AComposeFile_IsOneTemplate() =>
        Assert.Equal([new CatalogueItem("my-shop", Shop)], CatalogueReader.Read("My Shop.yaml", Shop).Items);

    [Fact]
    public void Read_AList_HasThemAllUnderNamesOfTheirOwn()
    {
        var contents = CatalogueReader.Read(
            "x.json",
            $$"""{"templates": [{"id": "a", "compose": {{Json(Shop)}}}, {"id": "A!", "compose": {{Json(Shop)}}}, {"id": "b", "compose": "x: {}"}, {"id": "c"}]}""");

        Assert.Equal(["a", "a-2"], contents.Items.Select(item => item.Id));
        Assert.Equal(2, contents.Notes.Count);
    }

    [Fact]
    public void Read_AppTemplates_AreContainersAndStacksOfCompose()
    {
        var contents = CatalogueReader.Read(
            "templates.json",
            """
            {"version": "3", "templates": [
              {"id": 1, "type": 1, "title": "File browser", "description": "costs $5\nor: more", "categories": ["files", "web"], "platform": "linux",
               "image": "filebrowser:latest", "command": "--port 80 $X", "ports": ["80/tcp", "8080:81/tcp", "53:53/udp"], "privileged": true,
               "interactive": true, "hostname": "fb", "network": "host", "restart_policy": "always", "labels": [{"name": "a.b", "value": "c"}],
               "volumes": [{"container": "/data"}, {"container": "/srv", "bind": "/srv/x", "readonly": true}, {"container": "/more"}],
               "env": [{"name": "DB_PASSWORD", "label": "Password", "description": "of the database"}, {"name": "LEVEL", "select": [
                        {"text": "low", "value": "1"}, {"text": "high", "value": "2", "default": true}]},
                       {"name": "FIXED", "preset": true, "default": "$y"}, {"name": "PLAIN", "default": "x"}]},
              {"type": 3, "title": "Stack", "repository": {"url": "https://git.example/a", "stackfile": "stacks/x.yml"}, "env": [{"name": "A"}]},
              {"type": 2, "title": "Swarm"}, {"type": 1, "title": "Windows", "platform": "windows", "image": "x"}, {"type": 1, "title": "Nothing"},
              {"type": 1, "image": "x"}, {"type": 1, "title": "Bad", "image": "x", "env": [{"name": "A=B"}]},
              {"type": 3, "title": "Up", "repository": {"url": "https://git.example/a", "stackfile": "../../etc/passwd"}},
              {"type": 3, "title": "Local", "repository": {"url": "file:///etc", "stackfile": "passwd"}}, 7, null]}
            """);

        Assert.Equal(["file-browser", "stack"], contents.Items.Select(item => item.Id));
        Assert.Equal(9, contents.Notes.Count);
        Assert.Equal(new CatalogueFile("https://git.example/a", "stacks/x.yml"), contents.Items[1].File);

        var template = TemplateReader.Read("x", contents.Items[0].Text, new ComposeLimits()).Template!;
        Assert.Equal(("File browser", "files", "costs 5 or: more"), (template.Title, template.Category, template.Description));
        Assert.Equal(["DB_PASSWORD", "LEVEL", "PLAIN"], template.Variables.Select(variable => variable.Name));
        Assert.Equal(("Password", true, "of the database"), (template.Variables[0].Label, template.Variables[0].IsSecret, template.Variables[0].Help));
        Assert.Equal(("2", 2), (template.Variables[1].Default, template.Variables[1].Choices.Count));
        var project = Projects.Right(ComposeLoader.Load(
            new OneFile(template.Text), new ComposeOptions
            {
                ProjectName = "t", Values = new Dictionary<string, string> { ["DB_PASSWORD"] = "p", ["LEVEL"] = "1", ["PLAIN"] = "x" },
            }));
        var service = project.Services.Single();
        Assert.Equal("filebrowser:latest", service.Image);
        Assert.Equal(["80", "81", "53"], service.Ports.Select(port => $"{port.Target}"));
        Assert.Equal("$y", service.Environment.Single(pair => pair.Key == "FIXED").Value);
        Assert.Equal("p", service.Environment.Single(pair => pair.Key == "DB_PASSWORD").Value);
        Assert.Equal(["data", "data-3"], project.Volumes.Select(volume => volume.Key).Order());
    }

    [Fact]
    public void Join_AHeadWithItsFile_IsATemplate()
    {
        var item = CatalogueReader.Read(
            "t.json", """{"version": 2, "templates": [{"type": 3, "title": "S", "repository": {"url": "https://x", "stackfile": "a"}, "env": [{"name": "A"}]}]}""")
            .Items.Single();

        Assert.NotNull(CatalogueReader.Join(item, "---\nservices: {x: {image: '${A}'}}\n").Text);
        Assert.NotNull(CatalogueReader.Join(item, "version: '3'\nservices: {x: {image: y}}\n").Text);
        Assert.Null(CatalogueReader.Join(item, "x-template: {title: twice}\n").Text);
        Assert.Null(CatalogueReader.Join(item, "a: [").Text);
        Assert.Null(CatalogueReader.Join(item, "a: b\n---\nc: d\n").Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"version\": \"3\"}")]
    [InlineData("{\"templates\": {}}")]
    [InlineData("{\"version\": [], \"templates\": [{}]}")]
    [InlineData("services: {}")]
    [InlineData("\0\u0001")]
    public void Read_WhatIsNone_IsRefused(string text) => Assert.Throws<FormatException>(() => CatalogueReader.Read("x", text));

    [Fact]
    public void Read_TooMuch_IsRefusedOrCut()
    {
        Assert.Throws<FormatException>(() => CatalogueReader.Read("x", new string('x', CatalogueReader.LongestFile + 1)));
        Assert.Throws<FormatException>(() => CatalogueReader.Read("x", "{\"a\":" + new string('[', 1000)));
        var many = string.Join(',', Enumerable.Repeat("""{"type": 1, "title": "T", "image": "x"}""", 600));
        var contents = CatalogueReader.Read("x", $$"""{"version": "2", "templates": [{{many}}]}""");
        Assert.Equal((500, 1), (contents.Items.Count, contents.Notes.Count));
        Assert.Equal(500, contents.Items.DistinctBy(item => item.Id).Count());
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private sealed class OneFile(string text) : IProjectFiles
    {
        public string? Read(string path) => path == "compose.yaml" ? text : null;
    }
}
