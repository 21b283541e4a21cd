using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Importing;
using Portal.Engine.Images.Saving;
using Portal.Engine.Images.Space;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Snapshots;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Linux.Tests.Images;

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
        default:
            return 2;
    }
}

async Task LoadAsync(string path)
{
    await using var file = File.OpenRead(path);
    await images.LoadAsync(file);
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
