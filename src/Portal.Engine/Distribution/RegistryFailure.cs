using Portal.Engine.Errors;

namespace Portal.Engine.Distribution;

/// <summary>What an answer means that is no success.</summary>
internal static class RegistryFailure
{
    public static Exception Explain(HttpResponseMessage response, string domain, string what)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            404 => EngineException.NotFound($"The registry {domain} has no {what}."),
            403 => new EngineException(EngineErrorKind.Forbidden, $"The registry {domain} forbids access to {what}."),
            408 or 425 or 429 or >= 500 => new TransientRegistryException(
                status == 429 ? "the registry asks to come less often" : $"the registry answers {status}",
                GetRetryAfter(response), isLimit: status == 429),
            _ => EngineException.InvalidArgument($"The registry {domain} answers {status} to the request for {what}. Is it a registry?"),
        };
    }

    private static TimeSpan? GetRetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        return header?.Delta ?? (header?.Date - response.Headers.Date);
    }
}
