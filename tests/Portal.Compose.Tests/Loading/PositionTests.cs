using Portal.Compose.Problems;

namespace Portal.Compose.Tests.Loading;

/// <summary>Each error says the file, the line and the key.</summary>
public sealed class PositionTests
{
    [Theory]
    [InlineData("services:\n  web:\n    image: a\n    prots: []\n", 4, "services.web.prots", "'ports'")]
    [InlineData("services:\n  web:\n    image: a\n    ports: 80\n", 4, "services.web.ports", "a list")]
    [InlineData("services:\n  web:\n    image: a\n    ports:\n      - a:b\n", 5, "services.web.ports[0]", "no port")]
    [InlineData("services:\n  web:\n    image: a\n    privileged: maybe\n", 4, "services.web.privileged", "true or false")]
    [InlineData("services:\n  web:\n    image: 7\n", 3, "services.web.image", "in quotes")]
    [InlineData("services:\n  web:\n    image: a\n    healthcheck:\n      interval: soon\n", 5, "services.web.healthcheck.interval", "1m30s")]
    [InlineData("services:\n  web:\n    image: a\n    mem_limit: 3 apples\n", 4, "services.web.mem_limit", "512m")]
    [InlineData("services:\n  web:\n    image: a\n    networks: [back]\n", 4, "services.web.networks", "'back'")]
    [InlineData("services:\n  web:\n    image: a\n    depends_on: [db]\n", 4, "services.web.depends_on", "'db'")]
    [InlineData("services:\n  web:\n    image: a\n    volumes:\n      - data:/d\n", 5, "services.web.volumes", "'data'")]
    [InlineData("services:\n  web:\n    image: a\n    volumes: ['../../etc:/d']\n", 4, "services.web.volumes[0]", "out of the project")]
    [InlineData("services:\n  web:\n    image: a\n    volumes: ['./x:d']\n", 4, "services.web.volumes[0].target", "absolute")]
    [InlineData("services:\n  web:\n    image: a\n    secrets: [key]\n", 4, "services.web.secrets", "'key'")]
    [InlineData("services:\n  web: {}\n", 2, "services.web", "neither an image nor a build")]
    [InlineData("services:\n  web:\n    image: a\n    extends: other\n", 4, "services.web.extends.service", "'other'")]
    [InlineData("services:\n  web:\n    image: a\n    env_file: gone.env\n", 4, "services.web.env_file[0]", "'gone.env'")]
    [InlineData("services:\n  web:\n    image: a\n    env_file: ../up.env\n", 4, "services.web.env_file.path", "out of the project")]
    [InlineData("services:\n  web:\n    image: a\n    env_file: /etc/passwd\n", 4, "services.web.env_file.path", "out of the project")]
    [InlineData("include:\n  - ../other/compose.yaml\nservices:\n  web:\n    image: a\n", 2, "include[0].path", "out of the project")]
    [InlineData("services:\n  web:\n    image: ${TAG:?give a tag}\n", 3, "services.web.image", "give a tag")]
    [InlineData("services:\n  web:\n    image: a\n    command: 'sh -c \"oh'\n", 4, "services.web.command", "quote")]
    [InlineData("services:\n  web:\n    image: a\n    deploy:\n      update_config:\n        order: sideways\n", 6, "services.web.deploy.update_config.order", "start-first")]
    [InlineData("services:\n  web:\n    image: a\n    image: b\n", 4, "image", "twice")]
    [InlineData("services:\n  web:\n    image: !secret a\n", 3, "", "!reset")]
    [InlineData("services:\n  web: &w\n    image: a\n    labels: *w\n", 4, "", "&w")]
    [InlineData("services:\n  web:\n   image: a\n  - b\n", 4, "", "YAML")]
    public void Error_InAFile_NamesItsPlace(string text, int line, string key, string words)
    {
        var error = Projects.OneError(Projects.Load(text));

        Assert.Equal(("compose.yaml", line, key), (error.Mark.File, error.Mark.Line, error.Key));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_OfSeveralPlaces_AreToldAtOnce()
    {
        var result = Projects.Load("services:\n  web:\n    image: 7\n    prots: []\n  db:\n    ports: nine\n");

        Assert.Equal([3, 4, 6], result.Problems.Where(problem => problem.Severity == ComposeSeverity.Error)
            .Select(problem => problem.Mark.Line));
    }

    [Fact]
    public void Error_InAnIncludedFile_NamesThatFile()
    {
        var error = Projects.OneError(Projects.Load(
            "include: [sub/compose.yaml]\nservices: {web: {image: a}}\n", ("sub/compose.yaml", "services:\n  db:\n    imag: b\n")));

        Assert.Equal(("sub/compose.yaml", 3, "services.db.imag"), (error.Mark.File, error.Mark.Line, error.Key));
    }

    [Fact]
    public void Keys_OfOnesOwn_AreLetThrough()
    {
        var result = Projects.Load("x-all: {any: [thing]}\nservices:\n  web:\n    image: a\n    x-mine: 1\n");

        Assert.Empty(Projects.Right(result).Services.Single().Definition.Pairs("x-all"));
        Assert.Empty(result.Problems);
    }

    [Fact]
    public void Develop_IsIgnoredWithANote()
    {
        var result = Projects.Load("services:\n  web:\n    image: a\n    develop: {watch: [{path: ., action: sync}]}\n");

        var note = Assert.Single(result.Problems);
        Assert.Equal((ComposeSeverity.Note, "services.web.develop", 4), (note.Severity, note.Key, note.Mark.Line));
    }
}
