using System.Buffers;
using System.Text;
using Portal.Engine.Logs;

namespace Portal.Engine.Api.Streams;

/// <summary>Writes records of a log as Docker sends them.</summary>
internal static class LogFrames
{
    public static void Write(IBufferWriter<byte> output, LogRecord record, bool terminal, string prefix = "")
    {
        if (!terminal)
        {
            StreamFrame.WriteHeader(output, record.Source, prefix.Length + record.Data.Length);
        }

        Encoding.ASCII.GetBytes(prefix, output);
        output.Write(record.Data.Span);
    }
}
