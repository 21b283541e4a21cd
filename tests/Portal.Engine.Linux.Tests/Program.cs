using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Snapshots;
using Portal.Engine.Linux.Storage;

// Run by KillTests as a process of its own, to be killed at any moment: pulls, loads and removes images for ever.
if (args is not ["churn", var name, var dataRoot, var runRoot, var reference, var archive])
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
Console.WriteLine("ready");
while (true)
{
    await images.PullAsync(reference);
    await using (var file = File.OpenRead(archive))
    {
        await images.LoadAsync(file);
    }

    foreach (var image in await images.ListAsync())
    {
        await images.RemoveAsync(image.Id, force: true);
    }
}
