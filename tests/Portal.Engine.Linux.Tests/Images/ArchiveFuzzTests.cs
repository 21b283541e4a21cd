using System.Formats.Tar;
using System.IO.Compression;
using Portal.Engine.Errors;
using Portal.Testing.Fuzzing;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Whole archives, spoiled on every level: tar headers, descriptions, compression, layers.</summary>
public sealed class ArchiveFuzzTests : ImageTestBase
{
    [Fact]
    public async Task LoadAsync_SpoiledArchives_AreLoadedOrRefusedAndLeaveNothing()
    {
        var image = new TestImageBuilder().AddFile("a", "1").AddFile("b", new string('2', 5000));
        var (docker, oci, zstd) = (Instance.TempPath("docker.tar"), Instance.TempPath("oci.tar"), Instance.TempPath("zstd.tar"));
        await Skopeo.ExportAsync(image, $"docker-archive:{docker}:x:1");
        await Skopeo.ExportAsync(image, $"oci-archive:{oci}:x:1");
        await Tool.RunAsync("zstd", "-q", docker, "-o", zstd);
        byte[][] plain = [await File.ReadAllBytesAsync(docker), await File.ReadAllBytesAsync(oci)];
        byte[][] packed = [Compress(plain[0]), Compress(plain[1]), await File.ReadAllBytesAsync(zstd)];
        await Fuzzer.RunAsync(250, async mutator =>
        {
            var archive = mutator.Random.Next(5) switch
            {
                0 => mutator.Bytes(packed),
                1 => mutator.Bytes(plain),
                2 or 3 => WithSpoiledDescription(mutator, plain),
                _ => mutator.Tar(plain),
            };
            await TryAsync(() => Engine.Images.LoadAsync(new MemoryStream(archive)));
            foreach (var loaded in await Engine.Images.ListAsync())
            {
                await Engine.Images.InspectAsync(loaded.Id);
                await Engine.Images.RemoveAsync(loaded.Id, force: true);
            }

            AssertNothingInTheMaking();
            Assert.Empty(Blobs());
        });
        await Engine.Collector.CollectAsync(TimeSpan.Zero);
        Assert.Empty(Layers());
    }

    /// <summary>The archive with another manifest.json or index.json, which the digests in it don't cover.</summary>
    private static byte[] WithSpoiledDescription(Mutator mutator, byte[][] archives)
    {
        using var reader = new TarReader(new MemoryStream(mutator.Pick(archives)));
        var output = new MemoryStream();
        using (var writer = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true))
        {
            while (reader.GetNextEntry(copyData: true) is { } entry)
            {
                if (entry.Name is "manifest.json" or "index.json")
                {
                    using var text = new StreamReader(entry.DataStream!);
                    entry.DataStream = new MemoryStream(mutator.Json(text.ReadToEnd()));
                }

                writer.WriteEntry(entry);
            }
        }

        return output.ToArray();
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (EngineException failure)
        {
            Assert.True(failure.Kind is EngineErrorKind.InvalidArgument or EngineErrorKind.NotFound, failure.ToString());
        }
    }

    private static byte[] Compress(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }
}
