using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Web.Tests.Support;

/// <summary>What a browser does with the portal's plain forms.</summary>
public static partial class HttpClientExtensions
{
    /// <summary>Opens the sign-in page and posts its form.</summary>
    public static Task<HttpResponseMessage> PostSignInAsync(this HttpClient client, string userName, string password, string page = "/sign-in") =>
        client.PostFormAsync(page, new() { ["Input.UserName"] = userName, ["Input.Password"] = password });

    /// <summary>Opens a page, fills its form and posts it with the hidden fields that it brought.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(
        this HttpClient client, string page, Dictionary<string, string> fields, string? target = null)
    {
        var html = await client.GetStringAsync(page);
        var all = new Dictionary<string, string>(fields);
        foreach (Match hidden in HiddenFields().Matches(html))
        {
            all.TryAdd(hidden.Groups["name"].Value, WebUtility.HtmlDecode(hidden.Groups["value"].Value));
        }

        return await client.PostAsync(target ?? page, new FormUrlEncodedContent(all));
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenFields();
}
