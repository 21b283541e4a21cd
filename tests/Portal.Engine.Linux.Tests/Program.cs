using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Content;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Importing;
using Portal.Engine.Images.Loading;
using Portal.Engine.Images.Saving;
using Portal.Engine.Images.Space;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Snapshots;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Linux.Tests.Images;
using Portal.Engine.Snapshots;

const string Root = "work";

// Run by KillTests as a process of its own, to be killed at any moment: does one kind of work on images for ever.
if (args is not ["churn", var work, var name, var dataRoot, var runRoot, var reference, var archive, var layer])
{
    return 2;
}

await using var services = new ServiceCollection()
    .AddLogging()
    .AddSingleton(TimeProvider.System)
    .AddSingleton(new EngineOptions { Name = name, DataRoot = dataRoot, RunRoot = runRoot })
    .AddLinuxStorage().AddLinuxSnapshots().AddLinuxCompression().AddEngineImages()
    .BuildServiceProvider();
var images = services.GetRequiredService<IImages>();
var snapshotter = services.GetRequiredService<ISnapshotter>();
var space = services.GetRequiredService<IImageSpace>();
Console.WriteLine("ready");
for (var round = 0; ; round++)
{
    switch (Enum.Parse<Churn>(work))
    {
        case Churn.Pull:
            await images.PullAsync(reference);
            await space.PruneAsync(_ => true);
            break;
        case Churn.Load:
            await LoadAsync(archive);
            await space.PruneAsync(_ => true);
            break;
        case Churn.Prune:
            await Task.WhenAll(images.PullAsync(reference), LoadAsync(archive));
            await Task.WhenAll(space.PruneAsync(_ => true), space.PruneAsync(image => image.Names.Count == 0));
            break;
        case Churn.Remove:
            await LoadAsync(archive);
            foreach (var image in await images.ListAsync())
            {
                await images.RemoveAsync(image.Id, force: true);
            }

            break;
        case Churn.SaveAndImport:
            await SaveAndImportAsync(round);
            break;
        case Churn.Commit:
            await CommitAsync(round);
            break;
        default:
            return 2;
    }
}

async Task LoadAsync(string path)
{
    await using var file = File.OpenRead(path);
    await images.LoadAsync(file);
}

// A layer of what was written into a root, as a container's commit (the root stays) and as a builder's step (it becomes the layer).
async Task CommitAsync(int round)
{
    await LoadAsync(archive);
    var below = await images.InspectAsync("loaded:1");
    await snapshotter.RemoveAsync(Root);
    await snapshotter.PrepareAsync(Root, below.ChainId);
    await File.WriteAllTextAsync(Path.Combine(await snapshotter.MountAsync(Root), $"round{round}"), new string('x', 100_000));
    using var lease = services.GetRequiredService<ContentLeases>().Begin();
    var content = services.GetRequiredService<ContentStore>();
    var layers = services.GetRequiredService<LayerCommits>();
    var made = await layers.CommitAsync(Root, Digest.Parse(below.ChainId, "a layer"), lease, true, isLast: round % 2 == 0, default);
    var diffIds = below.DiffIds.Append(made.DiffId.ToString()).ToList();
    var configuration = new JsonObject
    {
        ["architecture"] = below.Platform.Architecture,
        ["os"] = "linux",
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. diffIds.Select(id => (JsonNode)id)]) },
    };
    var id = await content.WriteAsync(Encoding.UTF8.GetBytes(configuration.ToJsonString()), default);
    lease.Hold(id);
    var blobs = diffIds.ConvertAll(diffId => content.FindBlob(Digest.Parse(diffId, "a layer"))!.Value);
    var image = new ArchivedImage(id, blobs, null, ["docker.io/library/committed:1"], Action: "commit");
    await services.GetRequiredService<ImageAssembler>().AssembleAsync(image, lease, null, default);
    await space.PruneAsync(old => old.Names.Count == 0);
}

async Task SaveAndImportAsync(int round)
{
    await using (var file = File.OpenRead(layer))
    {
        await services.GetRequiredService<IImageImports>().ImportAsync(file, new ImageImport { Name = "imported", Message = $"{round}" });
    }

    var saved = Path.Combine(Path.GetDirectoryName(archive)!, "saved.tar");
    await using (var output = File.Create(saved))
    {
        await services.GetRequiredService<IImageArchives>().SaveAsync(["imported"], output);
    }

    await LoadAsync(saved);
    await space.PruneAsync(image => image.Names.Count == 0);
}
