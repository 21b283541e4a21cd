namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class BuildTests(EngineFixture engine)
{
    private DockerCli Docker => engine.Docker;

    [Fact]
    public async Task Build_OfAFolder_MakesAnImageThatRuns()
    {
        var folder = Write("app", """
            ARG BASE
            FROM $BASE AS build
            ARG WORD
            RUN echo $WORD > /made
            FROM busybox
            COPY --from=build /made /made
            COPY . /app
            CMD cat /made /app/file; ls /app
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "of the context\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "ignored.log"), "");
        await File.WriteAllTextAsync(Path.Combine(folder, ".dockerignore"), "*.log\nDockerfile\n.dockerignore\n");

        var built = await Docker.GetAsync(
            "build", "--network", "none", "--build-arg", "BASE=busybox", "--build-arg", "WORD=given", "--label", "a=b", "-t", "built/app:1", folder);

        Assert.Contains("Step 1/7 : FROM $BASE AS build", built);
        Assert.Contains("Successfully tagged built/app:1", built);
        Assert.Equal("given\nof the context\nfile", await Docker.GetAsync("run", "--rm", "--network", "none", "built/app:1"));
        Assert.Equal("b", await Docker.GetAsync("inspect", "--format", "{{.Config.Labels.a}}", "built/app:1"));
        var again = await Docker.GetAsync("build", "--network", "none", "--build-arg", "BASE=busybox", "--build-arg", "WORD=given", "-q", folder);
        Assert.Matches("^sha256:[0-9a-f]{64}$", again);
        Assert.Contains("Build Cache", await Docker.GetAsync("system", "df"));
        await Docker.GetAsync("rmi", "built/app:1");
    }

    [Fact]
    public async Task Build_FailingStep_EndsWithItsCode()
    {
        var folder = Write("failing", "FROM busybox\nRUN exit 9");

        var result = await Docker.RunAsync("build", "--network", "none", folder);

        Assert.Equal(9, result.ExitCode);
        Assert.Contains("returned a non-zero code: 9 (Dockerfile:2)", result.Error);
    }

    [Fact]
    public async Task Build_BrokenDockerfile_NamesFileAndLine()
    {
        var result = await Docker.RunAsync("build", Write("broken", "FROM busybox\nRUNN x"));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Dockerfile:2: dockerfile parse error: unknown instruction: RUNN (did you mean RUN?)", result.Error);
    }

    private string Write(string name, string dockerfile)
    {
        var folder = Directory.CreateDirectory(engine.Instance.TempPath(name)).FullName;
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), dockerfile);
        return folder;
    }
}
