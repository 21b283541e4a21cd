using System.Text;
using Portal.Compose.Loading;
using Portal.Compose.Nodes;
using Portal.Compose.Sources;

namespace Portal.Compose.Tests.Loading;

/// <summary>Whatever the files are, loading ends with a project or with errors that have places.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 3_000;

    private const string Whole = """
        name: shop
        x-base: &base {image: "busybox:${TAG:-1}", restart: unless-stopped}
        include: [{path: [sub/c.yaml], env_file: sub/e}]
        services:
          web:
            <<: *base
            ports: ["127.0.0.1:8080-8081:80-81/tcp", {target: 90, published: "90"}]
            volumes: ["./d:/d:ro", "v:/v", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]
            environment: {A: "${B:?b}", C: }
            env_file: [{path: e, required: false}]
            depends_on: {db: {condition: service_healthy}}
            command: sh -c "echo 'hi' $$X"
            deploy: {replicas: 1, update_config: {parallelism: 1, delay: 1m30s, order: start-first}}
            secrets: [{source: key, mode: 0440}]
            extra_hosts: ["a:1.2.3.4"]
          db:
            extends: {file: sub/c.yaml, service: base}
            healthcheck: {test: [CMD, "true"], interval: 5s}
            ulimits: {nofile: {soft: 1, hard: 2}}
        volumes: {v: }
        secrets: {key: {file: ./key}}
        networks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}
        """;

    private const string Other =
        "services:\n  web:\n    ports: !override ['9:9']\n    environment: {A: !reset null}\n    command: !reset\n";
    private const string Sub = "services:\n  base: {image: x, env_file: e}\n  side: {image: y, links: [base]}\n";
    private const string Variables = "A=1\nB=\"x ${A}\n y\"\nexport C='z'\n# end\n";

    private static readonly string[] s_pieces =
        ["${", "}", ":-", ":?", "$$", "&a ", "*a", "<<: ", "!reset ", "!override ", "!!str ", "- ", ": ", "{", "}", "[", "]", "|\n",
            ">\n", "\n", "\t", "  ",
         "\"", "'", "#", "null", "true", "-1", "0x", "99999999999999999999", "../", "/", "x-", "---\n", "...\n", "%YAML 9\n", "? ", "\0",
             "\uFEFF", "é", "\U0001F600", "\uD800"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Load_OfDamagedFiles_EndsWithAProjectOrWithPlaces(int seed)
    {
        var random = new Random(seed);
        var right = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var files = new Dictionary<string, string>
            {
                ["compose.yaml"] = Damaged(Whole, random), ["b.yaml"] = Damaged(Other, random), ["sub/c.yaml"] = Damaged(Sub, random),
                ["sub/e"] = Damaged(Variables, random), ["e"] = Damaged(Variables, random), ["key"] = "k",
            };
            var options = new ComposeOptions
            {
                Files = ["compose.yaml", "b.yaml"],
                Values = new Dictionary<string, string> { ["B"] = "b" },
                Limits = new ComposeLimits { Nodes = 2_000, Ports = 100 },
            };

            var result = Load(files, options, seed, round);

            Assert.All(result.Problems,
                problem => Assert.True(problem.Mark is { Line: > 0, Column: > 0, File.Length: > 0 }, $"{seed}/{round}: {problem}"));
            Assert.True(result.IsRight || result.Problems.Count > 0, $"{seed}/{round}: neither a project nor an error");
            right += result.IsRight ? 1 : 0;
        }

        // Otherwise the damage is such that nothing behind the first check is ever reached.
        Assert.InRange(right, Rounds / 100, Rounds - 1);
    }

    [Fact]
    public void Load_OfWhatItWrote_GivesTheSame()
    {
        var files = new ProjectFiles(new Dictionary<string, string>
        {
            ["compose.yaml"] = Whole, ["sub/c.yaml"] = Sub, ["sub/e"] = Variables, ["e"] = Variables, ["key"] = "k",
        });
        var options = new ComposeOptions { Values = new Dictionary<string, string> { ["B"] = "b" } };

        var first = Projects.Right(ComposeLoader.Load(files, options));
        var again = string.Join(",\n", first.Services.Select(service => $"\"{service.Name}\": {CanonicalJson.Write(service.Definition)}"));
        var text = $"{{\"name\": \"shop\", \"services\": {{{again}}}, "
            + "\"volumes\": {\"v\": null}, \"secrets\": {\"key\": {\"file\": \"key\"}}}";
        var second = Projects.Right(Projects.Load(
            new ComposeOptions(), ("compose.yaml", text.Replace("$", "$$", StringComparison.Ordinal)), ("e", Variables),
                ("sub/e", Variables), ("key", "k")));

        Assert.Equal(first.Services.Select(service => (service.Name, service.Hash)),
            second.Services.Select(service => (service.Name, service.Hash)));
    }

    private static ComposeResult Load(Dictionary<string, string> files, ComposeOptions options, int seed, int round)
    {
        try
        {
            return ComposeLoader.Load(new ProjectFiles(files), options);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}, round {round}:\n{files["compose.yaml"]}\n==\n{files["b.yaml"]}", failure);
        }
    }

    private static string Damaged(string text, Random random)
    {
        var damaged = new StringBuilder(text);
        for (var times = random.Next(3); times > 0; times--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(4))
            {
                case 0:
                    damaged.Insert(at, s_pieces[random.Next(s_pieces.Length)]);
                    break;
                case 1:
                    damaged.Remove(at, Math.Min(random.Next(1, 12), damaged.Length - at));
                    break;
                case 2:
                    damaged.Insert(at, damaged.ToString(at, Math.Min(random.Next(1, 40), damaged.Length - at)));
                    break;
                default:
                    damaged[at] = (char)random.Next(1, 0x180);
                    break;
            }
        }

        return damaged.Length == 0 ? " " : damaged.ToString();
    }
}
