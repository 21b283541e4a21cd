using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing;

namespace Portal.Engine.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("library/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("index.docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("team/app", "docker.io/team/app:latest", "team/app:latest")]
    [InlineData("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest")]
    [InlineData("localhost/app", "localhost/app:latest", "localhost/app:latest")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest", "localhost:5000/app:latest")]
    [InlineData("host:5000/a/b/c:v1", "host:5000/a/b/c:v1", "host:5000/a/b/c:v1")]
    [InlineData("example.com/app", "example.com/app:latest", "example.com/app:latest")]
    [InlineData("Host/app", "Host/app:latest", "Host/app:latest")]
    [InlineData("127.0.0.1:5000/x:T_a-g.1", "127.0.0.1:5000/x:T_a-g.1", "127.0.0.1:5000/x:T_a-g.1")]
    [InlineData("[::1]:5000/x", "[::1]:5000/x:latest", "[::1]:5000/x:latest")]
    [InlineData("t/a__b-c.d---e", "docker.io/t/a__b-c.d---e:latest", "t/a__b-c.d---e:latest")]
    [InlineData("busybox@" + Digest, "docker.io/library/busybox@" + Digest, "busybox@" + Digest)]
    [InlineData("busybox:1@" + Digest, "docker.io/library/busybox:1@" + Digest, "busybox:1@" + Digest)]
    [InlineData("5000/x", "docker.io/5000/x:latest", "5000/x:latest")]
    public void Parse_NameOfAUser_IsNormalized(string text, string full, string familiar)
    {
        var reference = ImageReference.Parse(text).WithDefaultTag();

        Assert.Equal(full, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, ImageReference.Parse(full));
        Assert.Equal(reference, ImageReference.Parse(familiar));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Busybox")]
    [InlineData("busybox:")]
    [InlineData("busybox:tag with blank")]
    [InlineData("busybox:-tag")]
    [InlineData("busybox@")]
    [InlineData("busybox@sha256:123")]
    [InlineData("busybox@md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("-busybox")]
    [InlineData("busybox-")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a___b")]
    [InlineData("a..b")]
    [InlineData("http://host/a")]
    [InlineData("user@host/a")]
    [InlineData("host:port/a")]
    [InlineData("host:123456/a")]
    [InlineData("-host.com/a")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("busybox\n")]
    [InlineData("bücher")]
    [InlineData("host.com/a?x=1")]
    [InlineData("host.com/a#x")]
    [InlineData("host.com/a%2e%2e")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Parse_Malformed_IsInvalidArgument(string text)
    {
        var failure = Assert.Throws<EngineException>(() => ImageReference.Parse(text));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    [Theory]
    [InlineData(255 - 18, true)]
    [InlineData(256 - 18, false)]
    [InlineData(100_000, false)]
    public void TryParse_LongNames_AreBounded(int length, bool isValid)
    {
        // "docker.io/library/" is 18 long.
        Assert.Equal(isValid, ImageReference.TryParse(new string('a', length), out _));
    }

    [Fact]
    public void TryParse_TagOf128_IsTheLongest()
    {
        Assert.True(ImageReference.TryParse("a:" + new string('t', 128), out _));
        Assert.False(ImageReference.TryParse("a:" + new string('t', 129), out _));
    }

    [Fact]
    public void TryParse_HostileNames_TakeNoTime()
    {
        foreach (var text in new[] { new string('a', 500) + "!", string.Concat(Enumerable.Repeat("a-", 280)), string.Concat(Enumerable.Repeat("a.", 280)) + "/" })
        {
            var start = TimeProvider.System.GetTimestamp();
            ImageReference.TryParse(text, out _);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestSettings.Within(TimeSpan.FromSeconds(1)));
        }
    }
}
