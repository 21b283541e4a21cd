using Portal.Engine.Images;
using Portal.Testing.Fuzzing;

namespace Portal.Engine.Tests.Images;

public sealed class ImageReferenceFuzzTests
{
    private static readonly string[] s_names =
    [
        "busybox", "busybox:latest", "library/busybox", "host:5000/a/b:tag", "[::1]:5000/a:1", "ghcr.io/o/n@sha256:" + new string('a', 64),
        "a.b-c__d/e:T_1.2-3@sha256:" + new string('0', 64), "localhost/x", new string('f', 64),
    ];

    [Fact]
    public void TryParse_SpoiledNames_AreRefusedOrMeanTheSameOnceMore()
    {
        Fuzzer.Run(20_000, mutator =>
        {
            var text = mutator.Text(s_names);
            if (!ImageReference.TryParse(text, out var reference))
            {
                return;
            }

            // What is accepted is safe in paths of URLs and in files' names, and survives its own two forms.
            Assert.DoesNotContain("..", reference.Path, StringComparison.Ordinal);
            Assert.DoesNotContain(reference.ToString(), character => character is <= ' ' or > '~' or '%' or '\\' or '"' or '?' or '#');
            Assert.True(reference.Repository.Length <= 255);
            Assert.True(reference.Tag is null || reference.Tag.Length <= 128);
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
            Assert.Equal(reference, ImageReference.Parse(reference.Familiar));
        });
    }
}
