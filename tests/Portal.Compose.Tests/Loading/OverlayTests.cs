using Portal.Compose.Nodes;

namespace Portal.Compose.Tests.Loading;

/// <summary>Files laid over each other, services over those that they extend, and projects that are included.</summary>
public sealed class OverlayTests
{
    [Theory]
    [InlineData("environment: {A: '1', B: '2'}", "environment: [B=3, C=4]", "environment: {A: '1', B: '3', C: '4'}")]
    [InlineData("dns: 1.1.1.1", "dns: [8.8.8.8, 1.1.1.1]", "dns: [1.1.1.1, 8.8.8.8]")]
    [InlineData("command: [a, b]", "command: [c]", "command: [c]")]
    [InlineData("command: [a, b]", "command: null", "command: null")]
    [InlineData("entrypoint: a", "entrypoint: []", "entrypoint: []")]
    [InlineData("healthcheck: {test: [CMD, a], retries: 3}", "healthcheck: {test: b}", "healthcheck: {test: [CMD-SHELL, b], retries: 3}")]
    [InlineData("ports: ['80:80', '90:90']", "ports: ['80:80', '91:90']", "ports: ['80:80', '90:90', '91:90']")]
    [InlineData("volumes: ['./a:/w', './b:/v']", "volumes: ['./c:/w']", "volumes: ['./c:/w', './b:/v']")]
    [InlineData("ports: ['80:80']", "ports: !reset []", "image: a")]
    [InlineData("ports: ['80:80']", "ports: !override ['81:80']", "ports: ['81:80']")]
    [InlineData("environment: {A: '1', B: '2'}", "environment: {A: !reset null}", "environment: {B: '2'}")]
    [InlineData("logging: {driver: syslog, options: {a: b}}", "logging: {driver: none}", "logging: {driver: none}")]
    [InlineData("logging: {driver: syslog, options: {a: b}}", "logging: {options: {c: d}}", "logging: {driver: syslog, options: {a: b, c: d}}")]
    [InlineData("ulimits: {nofile: 10}", "ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits: {nofile: {soft: 1, hard: 2}}")]
    [InlineData("build: {context: a, args: {X: '1'}}", "build: {args: [Y=2]}", "build: {context: a, args: {X: '1', Y: '2'}}")]
    [InlineData("deploy: {replicas: 2, labels: {a: b}}", "deploy: {replicas: 3}", "deploy: {replicas: 3, labels: {a: b}}")]
    [InlineData("extra_hosts: ['a:1.1.1.1']", "extra_hosts: {b: 2.2.2.2}", "extra_hosts: {a: 1.1.1.1, b: 2.2.2.2}")]
    public void Overlay_OfTwoFiles_IsMergedByTheSpecification(string below, string above, string expected)
    {
        var merged = Projects.Overlay(File("image: a", below), File(above)).Service();

        Assert.Equal(
            CanonicalJson.Write(Projects.Overlay(File("image: a", expected == "image: a" ? "init: null" : expected)).Problems.Count == 0
            ? Projects.Overlay(File("image: a", expected)).Service().Definition
            : Projects.Overlay(File("image: a")).Service().Definition), CanonicalJson.Write(merged.Definition));
    }

    [Fact]
    public void Overlay_OfAnotherKindOfValue_ReplacesIt()
    {
        Assert.Equal(
            ["default", "back"],
            Projects.Overlay(
                "services: {web: {image: a, networks: [default]}}",
                    "services: {web: {networks: {back: {aliases: [x]}}}}\nnetworks: {back: }")
                .Service().Networks.Select(network => network.Key));
    }

    [Fact]
    public void Documents_OfOneFile_AreLaidOverEachOther()
    {
        Assert.Equal("b", Projects.Load("services: {web: {image: a}}\n---\nservices: {web: {image: b}}\n").Service().Image);
    }

    [Fact]
    public void Extends_OfTheSameFile_IsLaidUnder()
    {
        var service = Projects.Load(
            "services: {base: {image: a, environment: {A: '1', B: '2'}, command: [x]}, "
            + "web: {extends: base, environment: {B: '3'}}}").Service();

        Assert.Equal(("a", "1", "3"), (service.Image, service.Environment["A"], service.Environment["B"]));
        Assert.Equal(["x"], service.Definition.Texts("command"));
        Assert.Null(service.Definition["extends"]);
    }

    [Fact]
    public void Extends_OfAnotherFile_TakesItsPathsFromThere()
    {
        var service = Projects.Load(
            "services: {web: {extends: {file: lib/base.yaml, service: b}}}",
            ("lib/base.yaml", "services: {b: {extends: c, env_file: e}, c: {image: a, volumes: ['./d:/d']}}"),
            ("lib/e", "X=1\n")).Service();

        Assert.Equal(("a", "1"), (service.Image, service.Environment["X"]));
        Assert.Equal("./lib/d", Assert.IsType<ComposeMap>(Assert.Single(service.Definition.Items("volumes"))).Text("source"));
    }

    [Fact]
    public void Extends_InACircle_IsAnError()
    {
        var result = Projects.Load("services: {a: {extends: b}, b: {extends: a}}");

        Assert.All(result.Problems, problem => Assert.Contains("itself", problem.Message, StringComparison.Ordinal));
        Assert.NotEmpty(result.Problems);
    }

    [Fact]
    public void Include_BringsServicesWithPathsOfTheirOwn()
    {
        var result = Projects.Load(
            "include: [db/compose.yaml]\nservices: {web: {image: 'a:$V', depends_on: [db]}}",
            ("db/compose.yaml", "services: {db: {image: 'd:$V', env_file: e, volumes: ['./data:/data', 'v:/v']}}\nvolumes: {v: }"),
            ("db/.env", "V=included\n"),
            (".env", "W=1\n"),
            ("db/e", "E=1\n"));

        Assert.Equal(["db", "web"], Projects.Right(result).Services.Select(service => service.Name));
        Assert.Equal(("d:included", "1"), (result.Service("db").Image, result.Service("db").Environment["E"]));
        Assert.Equal("a:", result.Service().Image);
        Assert.Equal("./db/data", Assert.IsType<ComposeMap>(result.Service("db").Definition.Items("volumes")[0]).Text("source"));
        Assert.Equal(["shop_v"], Projects.Right(result).Volumes.Select(volume => volume.Name));
    }

    [Fact]
    public void Include_OfWhatIsThereDifferently_IsAnError()
    {
        var error = Projects.OneError(Projects.Load(
            "include:\n  - other.yaml\nservices: {web: {image: a}}", ("other.yaml", "services: {web: {image: b}}")));

        Assert.Equal((2, "include[0]"), (error.Mark.Line, error.Key));
        Assert.Contains("line 3 of 'compose.yaml'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Include_MayBeOverriddenByAFileAbove()
    {
        var options = new Compose.Loading.ComposeOptions { ProjectName = "shop", Files = ["a.yaml", "b.yaml"] };

        var result = Projects.Load(
            options,
            ("a.yaml", "include: [c.yaml]\nservices: {web: {image: a}}"),
            ("b.yaml", "services: {db: {image: new}}"),
            ("c.yaml", "services: {db: {image: old, init: true}}"));

        Assert.Equal("new", result.Service("db").Image);
        Assert.True(result.Service("db").Definition.Flag("init"));
    }

    [Fact]
    public void Include_InACircle_IsAnError()
    {
        var result = Projects.Load("include: [b.yaml]\nservices: {web: {image: a}}",
            ("b.yaml", "include: [compose.yaml]\nservices: {db: {image: b}}"));

        Assert.Contains("itself", Projects.OneError(result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_ThatWaitForEachOther_AreAnError()
    {
        var error = Projects.OneError(Projects.Load(
            "services: {a: {image: x, depends_on: [b]}, b: {image: x, depends_on: [c]}, c: {image: x, depends_on: [b]}}"));

        Assert.Contains("'b', 'c', 'b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_AreInTheOrderOfTheirDependencies()
    {
        var project = Projects.Right(Projects.Load(
            "services: {web: {image: x, depends_on: [api]}, api: {image: x, links: ['db:d']}, db: {image: x}, side: {image: x}}"));

        Assert.Equal(["db", "side", "api", "web"], project.Services.Select(service => service.Name));
    }

    [Theory]
    [InlineData("{a: {image: x, ports: ['80:80']}, b: {image: x, ports: ['80:81']}}", "too")]
    [InlineData("{a: {image: x, ports: ['80:80'], scale: 2}}", "2 containers")]
    [InlineData("{a: {image: x, container_name: n1}, b: {image: x, container_name: n1}}", "this name too")]
    [InlineData("{a: {image: x, container_name: n1, scale: 2}}", "several")]
    [InlineData("{a: {image: x, network_mode: host, networks: [default]}}", "networks too")]
    [InlineData("{a: {image: x, scale: 2, deploy: {replicas: 3}}}", "deploy.replicas says 3")]
    public void Services_ThatContradict_AreErrors(string services, string words)
    {
        Assert.Contains(words, Projects.OneError(Projects.Load($"services: {services}")).Message, StringComparison.Ordinal);
    }

    private static string File(params string[] keys) => $"services:\n  web:\n    {string.Join("\n    ", keys)}\n";
}
