using System.Globalization;
using System.Text;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>Writes a message as mail (RFC 5322). All that people named goes in base64: nothing in it can be a header or end the mail.</summary>
internal static class Mail
{
    // RFC 2047: a word has 75 characters at most, so 45 bytes before base64; a piece of text of 15 characters never has more.
    private const int WordLength = 15;

    public static string Write(TargetSettings settings, AlertMessage message, DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append("From: <").Append(settings.From).Append(">\r\nTo: ");
        text.AppendJoin(",\r\n ", settings.Recipients.Select(recipient => $"<{recipient}>"));
        text.Append("\r\nSubject: ").Append(Words($"[Portal] {message.Title}"));
        text.Append("\r\nDate: ").Append(now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        text.Append("\r\nMessage-ID: <").Append(Guid.NewGuid().ToString("N")).Append("@portal>\r\nAuto-Submitted: auto-generated");
        text.Append("\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(message.ToText(hasLinks: true).ReplaceLineEndings("\r\n")));
        return text.AppendJoin("\r\n", body.Chunk(76).Select(line => new string(line))).ToString();
    }

    private static string Words(string text)
    {
        var words = new List<string>();
        for (var from = 0; from < text.Length;)
        {
            var length = Math.Min(WordLength, text.Length - from);
            length -= length > 1 && char.IsHighSurrogate(text[from + length - 1]) ? 1 : 0;
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Substring(from, length)))}?=");
            from += length;
        }

        return string.Join("\r\n ", words);
    }
}
