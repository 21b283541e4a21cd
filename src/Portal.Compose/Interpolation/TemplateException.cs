namespace Portal.Compose.Interpolation;

/// <summary>A template is wrong, or asks for a variable that is not there.</summary>
internal sealed class TemplateException(string message) : Exception(message);
