using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Saving;
using Portal.Engine.Linux.Hosting;
using Portal.Engine.Networks;
using Portal.Engine.Snapshots;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Peers.Tests;

/// <summary>The same Dockerfile and context, built here and by dockerd or podman, give the same configuration and the same files.</summary>
public sealed partial class BuildTests
{
    public static TheoryData<string> Names => [.. BuildCorpus.Cases.Keys, .. BuildShapes.Cases.Keys];

    public static TheoryData<string> NamesForPodman => [.. PodmanBuilds.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Build_OfCorpus_IsLikeDockers(string name) => CompareAsync(
        BuildCorpus.Cases.GetValueOrDefault(name) ?? BuildShapes.Cases[name], () => DockerPeer.StartAsync(), [], withHistory: true);

    [Theory]
    [MemberData(nameof(NamesForPodman))]
    public Task Build_OfWhatDockerLacks_IsLikePodmans(string name) => CompareAsync(
        PodmanBuilds.Cases[name], () => Task.FromResult(new PodmanPeer()), ["--format", "docker", "--runtime", "runc"], withHistory: false);

    private static async Task CompareAsync<TPeer>(BuildCase given, Func<Task<TPeer>> startAsync, string[] options, bool withHistory)
        where TPeer : Peer
    {
        await using var peer = await startAsync();
        var instance = new TestInstance();
        await using var services = Start(instance);
        try
        {
            await services.GetRequiredService<IEngine>().StartAsync();
            var busybox = await BusyboxImages.WriteDockerArchiveAsync(instance.TempPath("busybox.tar"));
            await peer.RunAsync("load", "-i", busybox);
            await LoadAsync(services, busybox);
            var folder = Directory.CreateDirectory(instance.TempPath("context")).FullName;
            ContextFiles.Write(folder, [("Dockerfile", given.Dockerfile), .. given.Files]);
            if (given.Base is { } below)
            {
                var empty = Directory.CreateDirectory(instance.TempPath("base")).FullName;
                ContextFiles.Write(empty, [("Dockerfile", below)]);
                await peer.RunAsync(["build", "--network", "none", .. options, "-t", "base:1", empty]);
                await BuildAsync(services, empty, new BuildRequest { NetworkMode = "none", Names = ["base:1"] });
            }

            var arguments = given.Arguments ?? [];
            string[] target = given.Target is null ? [] : ["--target", given.Target];
            var words = arguments.SelectMany(pair => new[] { "--build-arg", $"{pair.Name}={pair.Value}" });
            await peer.RunAsync([
                "build", "--network", "none", .. options, .. words, .. target, "-t", "theirs:1", folder,
            ]);
            var ours = await BuildAsync(services, folder, new BuildRequest
            {
                NetworkMode = "none",
                Arguments = arguments.ToDictionary(pair => pair.Name, pair => (string?)pair.Value),
                Target = given.Target ?? "",
            });
            var archive = instance.TempPath("theirs.tar");
            await peer.RunAsync("save", "-o", archive, "theirs:1");
            var theirs = await services.GetRequiredService<IImages>().InspectAsync(Assert.Single(await LoadAsync(services, archive)).Id);
            AssertSame(
                await ConfigurationAsync(services, theirs.Id, instance.TempPath("theirs-config"), withHistory),
                await ConfigurationAsync(services, ours.Id, instance.TempPath("ours-config"), withHistory));
            var snapshotter = services.GetRequiredService<ISnapshotter>();
            AssertSame(
                WithoutMountPoints(await ImageTree.DescribeAsync(snapshotter, theirs)),
                WithoutMountPoints(await ImageTree.DescribeAsync(snapshotter, ours)));
        }
        finally
        {
            await services.GetRequiredService<INetworkTeardown>().RemoveAllAsync();
            await services.DisposeAsync();
            await instance.DisposeAsync();
        }
    }

    /// <summary>podman leaves in its layers what it made to mount files on.</summary>
    private static string WithoutMountPoints(string tree) => string.Join('\n', tree.Split('\n').Where(
        line => !line.StartsWith("etc/hostname ", StringComparison.Ordinal) && !line.StartsWith("run d ", StringComparison.Ordinal)));

    /// <summary>Fails with the lines that one has and the other has not.</summary>
    private static void AssertSame(string theirs, string ours)
    {
        var (expected, actual) = (theirs.Split('\n'), ours.Split('\n'));
        var differences = expected.Except(actual).Select(line => $"theirs: {line}")
            .Concat(actual.Except(expected).Select(line => $"ours:   {line}"));
        Assert.True(expected.SequenceEqual(actual), string.Join('\n', differences));
    }

    private static ServiceProvider Start(TestInstance instance)
    {
        var options = new EngineOptions { Name = instance.Name, DataRoot = instance.DataRoot, RunRoot = instance.RunRoot };
        return new ServiceCollection().AddLogging().AddEngine(options).AddLinuxEngine().BuildServiceProvider();
    }

    private static async Task<IReadOnlyList<LoadedImage>> LoadAsync(IServiceProvider services, string archive)
    {
        await using var stream = File.OpenRead(archive);
        return await services.GetRequiredService<IImages>().LoadAsync(stream);
    }

    private static async Task<ImageDetails> BuildAsync(IServiceProvider services, string folder, BuildRequest request)
    {
        // The framework's own archiver leaves out files whose names begin with a dot.
        var path = $"{folder}.tar";
        await Tool.RunAsync("tar", "--create", "--file", path, "--format", "pax", "--directory", folder, ".");
        await using var context = File.OpenRead(path);
        return await services.GetRequiredService<IBuilder>().BuildAsync(request, context);
    }

    /// <summary>What containers inherit, without what is empty; and each step with whether it made a layer.</summary>
    private static async Task<string> ConfigurationAsync(IServiceProvider services, string image, string folder, bool withHistory)
    {
        var details = await services.GetRequiredService<IImages>().InspectAsync(image);
        var path = Path.Combine(folder, "image.tar");
        Directory.CreateDirectory(folder);
        await using (var file = File.Create(path))
        {
            await services.GetRequiredService<IImageArchives>().SaveAsync([details.Id], file);
        }

        var document = JsonNode.Parse(ReadEntry(path, $"blobs/sha256/{details.Id["sha256:".Length..]}"))!;
        var config = document["config"]!.AsObject();

        // podman's builder signs what it makes.
        (config["Labels"] as JsonObject)?.Remove("io.buildah.version");
        string[] members =
        [
            "Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "OnBuild", "Shell", "StopSignal", "User", "Volumes", "WorkingDir",
        ];
        var text = new StringBuilder();
        foreach (var member in members.Where(member => config[member] is { } value && value.ToJsonString() is not ("\"\"" or "[]" or "{}")))
        {
            text.Append(member).Append(' ').Append(Sorted(config[member]!)).Append('\n');
        }

        if (!withHistory)
        {
            return text.ToString();
        }

        text.Append((string?)document["author"]).Append('\n');
        foreach (var step in document["history"]!.AsArray())
        {
            // A copy is named by a hash of each builder's own kind, and dockerd loses the space behind the owner.
            var created = (string?)step!["created_by"] ?? "";
            created = created.Contains("HEALTHCHECK", StringComparison.Ordinal) ? "HEALTHCHECK" : Hash().Replace(created, " ");
            text.Append(created).Append('|').Append(step["empty_layer"] is not null).Append('\n');
        }

        return text.ToString();
    }

    [GeneratedRegex("[0-9a-f]{64}| --chown=[a-z0-9:]+? ?(?=(file|dir|multi):)")]
    private static partial Regex Hash();

    private static string Sorted(JsonNode node) => node is JsonObject map
        ? string.Join(',', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}"))
        : node.ToJsonString();

    private static string ReadEntry(string archive, string name)
    {
        using var reader = new TarReader(File.OpenRead(archive));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                using var text = new StreamReader(entry.DataStream!);
                return text.ReadToEnd();
            }
        }

        throw new FileNotFoundException(name);
    }
}
