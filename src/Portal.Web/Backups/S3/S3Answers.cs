using System.Globalization;
using System.Net;
using System.Xml;
using System.Xml.Linq;

namespace Portal.Web.Backups.S3;

/// <summary>Reads what storages answer: XML of others, bounded, without document types.</summary>
internal static class S3Answers
{
    /// <summary>Bytes of an answer at most.</summary>
    public const int MaximumSize = 2 * 1024 * 1024;

    private const int LongestMessage = 300;

    /// <exception cref="S3Exception">It is no XML, or too much.</exception>
    public static async Task<XElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var text = await ReadTextAsync(response, cancellationToken);
            using var reader = XmlReader.Create(text, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaximumSize,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            return XElement.Load(reader);
        }
        catch (Exception failure) when (failure is XmlException or InvalidOperationException)
        {
            throw new S3Exception(N("The storage answered something that S3 does not: is the endpoint that of an S3 storage?"), failure);
        }
    }

    /// <summary>The text of an element, whatever namespace it is in; empty without it.</summary>
    public static string TextOf(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value ?? "";

    /// <summary>Why a storage refused.</summary>
    public static async Task<S3Exception> RefusalAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        var (code, message) = ("", "");
        try
        {
            var answer = await ReadAsync(response, cancellationToken);
            (code, message) = (TextOf(answer, "Code"), TextOf(answer, "Message"));
        }
        catch (IOException)
        {
            // The status says it, then.
        }

        return Refusal(code, message, response.StatusCode, what);
    }

    public static S3Exception Refusal(string code, string message, HttpStatusCode status, string what)
    {
        var told = Plain(code.Length > 0 ? $"{code}: {message}" : "");
        var number = ((int)status).ToString(CultureInfo.InvariantCulture);
        return new S3Exception(
            E("The storage refused {0} ({1}{2}).", what, number, told.Length > 0 ? ", " + told : "")) { Code = code.Length <= 64 ? code : "" };
    }

    private static async Task<StreamReader> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (kept.Length + count > MaximumSize)
            {
                throw new S3Exception(N("The storage's answer is longer than any that S3 gives."));
            }

            kept.Write(buffer, 0, count);
        }

        kept.Position = 0;
        return new StreamReader(kept);
    }

    // It goes to pages and logs: in one line, and not more than people read.
    private static string Plain(string text)
    {
        var line = new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "…";
    }
}
