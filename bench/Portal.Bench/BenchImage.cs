using System.Text;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Bench;

/// <summary>The image of the area <c>images</c>: busybox and many layers above it, in a registry and as an archive.</summary>
internal sealed class BenchImage : IAsyncDisposable
{
    private readonly RegistryFixture _registry;

    private BenchImage(RegistryFixture registry, string reference, string archive, long bytes)
    {
        _registry = registry;
        Reference = reference;
        Archive = archive;
        Bytes = bytes;
    }

    /// <summary>Bytes of its files, busybox apart.</summary>
    public long Bytes { get; }

    public string Reference { get; }

    /// <summary>A docker-archive with the same image under <see cref="ArchiveName"/>.</summary>
    public string Archive { get; }

    public static string ArchiveName => "bench:loaded";

    public static async Task<BenchImage> MakeAsync(string folder, int layers, int layerBytes)
    {
        Console.WriteLine($"bench: making an image of {layers} layers with {layerBytes / 1e6:0} MB each");
        var image = await BusyboxImages.CreateAsync();
        for (var layer = 0; layer < layers; layer++)
        {
            AddLayer(image, layer, layerBytes);
        }

        var registry = await RegistryFixture.StartAsync();
        try
        {
            var reference = await registry.PushAsync(image, "bench/many:1");
            var archive = Path.Combine(folder, $"{layers}-{layerBytes}.tar");
            await Skopeo.CopyAsync($"docker://{reference}", $"docker-archive:{archive}:{ArchiveName}");
            return new BenchImage(registry, reference, archive, layers * (long)layerBytes);
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    /// <summary>As in real images: some big files, many small ones, half of it text that compresses well and half that does not.</summary>
    private static void AddLayer(TestImageBuilder image, int number, int bytes)
    {
        var random = new Random(number);
        image.AddLayer(writer =>
        {
            writer.WriteFolder($"layer{number}/");
            for (var (file, left) = (0, bytes); left > 0; file++)
            {
                var size = Math.Min(left, file % 8 == 0 ? 2_000_000 : 20_000 + random.Next(60_000));
                writer.WriteFile($"layer{number}/file{file}", file % 2 == 0 ? Noise(random, size) : Text(random, size));
                left -= size;
            }
        });
    }

    private static byte[] Noise(Random random, int size)
    {
        var content = new byte[size];
        random.NextBytes(content);
        return content;
    }

    private static byte[] Text(Random random, int size)
    {
        var text = new StringBuilder(size + 32);
        while (text.Length < size)
        {
            text.Append("key").Append(random.Next(5000)).Append(" = value ").Append(random.Next(200)).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }
}
