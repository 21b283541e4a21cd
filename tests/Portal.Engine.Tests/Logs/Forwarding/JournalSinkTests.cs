using System.Buffers.Binary;
using System.Text;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Logs.Forwarding.Sinks;
using Portal.Engine.Runtime;

namespace Portal.Engine.Tests.Logs.Forwarding;

public sealed class JournalSinkTests
{
    [Fact]
    public async Task Send_AnyBytes_ArriveAsFieldsOfOneEntry()
    {
        var path = Path.Combine(Path.GetTempPath(), $"journal-{Guid.NewGuid():N}"[..20]);
        await using var receiver = Receiver.UnixPackets(path);
        await using var sink = new JournalSink(
            new LogOrigin
            {
                ContainerId = new string('a', 64),
                ContainerName = "web",
                ImageId = "sha256:1",
                ImageName = "busybox",
                Command = "sh",
                Created = DateTimeOffset.UnixEpoch,
                Tag = "tag",
                Attributes = new Dictionary<string, string> { ["com.example/team"] = "core" },
            },
            path);
        byte[] line = [.. "a\nb"u8, 0, 255];

        await sink.SendAsync(new LogMessage(DateTimeOffset.UnixEpoch, OutputSource.Stderr, line, Partial: true), default);

        await receiver.HasAsync(1);
        var fields = Read(receiver.Messages.Single());
        Assert.Equal(line, fields["MESSAGE"]);
        Assert.Equal("3", Encoding.UTF8.GetString(fields["PRIORITY"]));
        Assert.Equal(new string('a', 12), Encoding.UTF8.GetString(fields["CONTAINER_ID"]));
        Assert.Equal("tag", Encoding.UTF8.GetString(fields["SYSLOG_IDENTIFIER"]));
        Assert.Equal("true", Encoding.UTF8.GetString(fields["CONTAINER_PARTIAL_MESSAGE"]));
        Assert.Equal("core", Encoding.UTF8.GetString(fields["COM_EXAMPLE_TEAM"]));
    }

    private static Dictionary<string, byte[]> Read(byte[] packet)
    {
        var fields = new Dictionary<string, byte[]>();
        for (var at = 0; at < packet.Length;)
        {
            var end = Array.IndexOf(packet, (byte)'\n', at);
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(packet.AsSpan(end + 1));
            fields[Encoding.ASCII.GetString(packet, at, end - at)] = packet.AsSpan(end + 9, length).ToArray();
            at = end + 9 + length + 1;
        }

        return fields;
    }
}
