// Made from digest.mjml by test/tools/compile-mails.ts. Do not edit.
// @ts-nocheck
import Handlebars from "handlebars/runtime.js";

export const digestHtml: (view: unknown) => string = Handlebars.template({"0":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "\u003C!--[if mso | IE]><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" class=\"card-outlook ink-outlook\" role=\"presentation\" style=\"width:640px;\" width=\"640\" bgcolor=\"#ffffff\" ><tr><td style=\"line-height:0px;font-size:0px;mso-line-height-rule:exactly;\"><![endif]--><div class=\"card ink\" style=\"background:#ffffff;background-color:#ffffff;margin:0px auto;max-width:640px;border-radius:10px;overflow:hidden;\"><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"background:#ffffff;background-color:#ffffff;width:100%;border-collapse:separate;\"><tbody><tr><td style=\"border-radius:10px;direction:ltr;font-size:0px;padding:0;text-align:center;\">\u003C!--[if mso | IE]><table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"\" style=\"vertical-align:top;width:640px;\" ><![endif]--><div class=\"mj-column-per-100 mj-outlook-group-fix\" style=\"font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" width=\"100%\"><tbody><tr><td style=\"vertical-align:top;padding:0;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style width=\"100%\"><tbody><tr><td align=\"left\" class=\"pad\" style=\"font-size:0px;padding:20px 28px 2px;word-break:break-word;\"><div style=\"font-family:-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;font-size:15px;line-height:1.5;text-align:left;color:#1b1f24;\"><h2 dir=\"auto\" style=\"margin: 0; font-size: 14px; line-height: 1.4; font-weight: 700; color: #57606a; text-align: start;\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"name") : depth0), depth0))
    + "</h2></div></td></tr>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"items") : depth0),{"name":"each","hash":{},"fn":container.program(1, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":39,"column":0},"end":{"line":47,"column":9}}})) != null ? stack1 : "")
    + "</tbody></table></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><![endif]--></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" class=\"\" role=\"presentation\" style=\"width:640px;\" width=\"640\" ><tr><td style=\"line-height:0px;font-size:0px;mso-line-height-rule:exactly;\"><![endif]--><div style=\"margin:0px auto;max-width:640px;\"><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"width:100%;\"><tbody><tr><td style=\"direction:ltr;font-size:0px;padding:0;text-align:center;\">\u003C!--[if mso | IE]><table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"\" style=\"vertical-align:top;width:640px;\" ><![endif]--><div class=\"mj-column-per-100 mj-outlook-group-fix\" style=\"font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" width=\"100%\"><tbody><tr><td style=\"vertical-align:top;padding:0;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style width=\"100%\"><tbody><tr><td style=\"font-size:0px;word-break:break-word;\"><div style=\"height:14px;line-height:14px;\">&#8202;</div></td></tr></tbody></table></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><![endif]--></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><![endif]-->\n";
},"1":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, alias3=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr><td align=\"left\" class=\"pad\" style=\"font-size:0px;padding:14px 28px 12px;word-break:break-word;\"><div style=\"font-family:-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;font-size:15px;line-height:1.5;text-align:left;color:#1b1f24;\"><h3 dir=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"dir") : depth0), depth0))
    + "\" style=\"margin: 0; font-size: 17px; line-height: 1.35; font-weight: 600; color: #1b1f24; text-align: start;\"><a class=\"title\" href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"url") : depth0), depth0))
    + "\" style=\"color: #0b3d91; text-decoration: none;\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + "</a></h3>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"marks") : depth0),{"name":"if","hash":{},"fn":container.program(2, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":41,"column":0},"end":{"line":41,"column":217}}})) != null ? stack1 : "")
    + "\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"authors") : depth0),{"name":"if","hash":{},"fn":container.program(4, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":42,"column":0},"end":{"line":42,"column":192}}})) != null ? stack1 : "")
    + "\n<p class=\"quiet\" style=\"margin: 6px 0 0; color: #57606a; font-size: 14px;\">"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"homes") : depth0),{"name":"each","hash":{},"fn":container.program(6, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":43,"column":75},"end":{"line":43,"column":201}}})) != null ? stack1 : "")
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"facts") : depth0), depth0))
    + "</p>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"abstract") : depth0),{"name":"if","hash":{},"fn":container.program(9, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":44,"column":0},"end":{"line":44,"column":97}}})) != null ? stack1 : "")
    + "\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"reason") : depth0),{"name":"if","hash":{},"fn":container.program(10, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":45,"column":0},"end":{"line":45,"column":160}}})) != null ? stack1 : "")
    + "\n<p style=\"margin: 4px 0 0;\"><a class=\"act\" href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"more") : depth0), depth0))
    + "\" style=\"color: #0a4fb5; display: inline-block; padding: 6px 0; margin-right: 20px; font-size: 14px;\">More like this</a> <a class=\"act\" href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"less") : depth0), depth0))
    + "\" style=\"color: #0a4fb5; display: inline-block; padding: 6px 0; margin-right: 20px; font-size: 14px;\">Less like this</a> <a class=\"act\" href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"save") : depth0), depth0))
    + "\" style=\"color: #0a4fb5; display: inline-block; padding: 6px 0; margin-right: 20px; font-size: 14px;\">Save</a></p></div></td></tr>\n";
},"2":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p style=\"margin: 6px 0 0;\">"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"marks") : depth0),{"name":"each","hash":{},"fn":container.program(3, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":41,"column":41},"end":{"line":41,"column":206}}})) != null ? stack1 : "")
    + "</p>";
},"3":function(container,depth0,helpers,partials,data) {
    return "<span class=\"chip\" style=\"background-color: #fff1c9; color: #5f4200; border-radius: 4px; padding: 1px 6px; font-size: 13px;\">"
    + container.escapeExpression(container.lambda(depth0, depth0))
    + "</span> ";
},"4":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"quiet\" dir=\""
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"dir") : depth0), depth0))
    + "\" style=\"margin: 6px 0 0; color: #57606a; font-size: 14px; text-align: start;\">"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"authors") : depth0),{"name":"each","hash":{},"fn":container.program(5, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":42,"column":123},"end":{"line":42,"column":181}}})) != null ? stack1 : "")
    + "</p>";
},"5":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<bdi>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"name") : depth0), depth0))
    + "</bdi>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"separator") : depth0), depth0));
},"6":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"before") : depth0), depth0))
    + ((stack1 = lookupProperty(helpers,"if").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"url") : depth0),{"name":"if","hash":{},"fn":container.program(7, data, 0),"inverse":container.program(8, data, 0),"data":data,"loc":{"start":{"line":43,"column":100},"end":{"line":43,"column":192}}})) != null ? stack1 : "");
},"7":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<a href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"url") : depth0), depth0))
    + "\" style=\"color: #0a4fb5;\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"source") : depth0), depth0))
    + "</a>";
},"8":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"source") : depth0), depth0));
},"9":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p dir=\"auto\" style=\"margin: 6px 0 0; text-align: start;\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"abstract") : depth0), depth0))
    + "</p>";
},"10":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"why\" style=\"margin: 6px 0 0; color: #57606a; font-size: 14px; border-left: 3px solid #c8d1da; padding-left: 10px;\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"reason") : depth0), depth0))
    + "</p>";
},"11":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p style=\"margin: 0 0 10px;\"><a href=\""
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"rest") : depth0)) != null ? lookupProperty(stack1,"url") : stack1), depth0))
    + "\" style=\"color: #0a4fb5;\">"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"rest") : depth0)) != null ? lookupProperty(stack1,"text") : stack1), depth0))
    + "</a></p>";
},"12":function(container,depth0,helpers,partials,data) {
    return "<p class=\"quiet\" style=\"margin: 6px 0 0; color: #57606a; font-size: 14px;\">"
    + container.escapeExpression(container.lambda(depth0, depth0))
    + "</p>";
},"13":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"quiet\" style=\"margin: 6px 0 0; color: #57606a; font-size: 14px;\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"schedule") : depth0), depth0))
    + "</p>";
},"14":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"quiet\" style=\"margin: 6px 0 0; color: #57606a; font-size: 14px;\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"imprint") : depth0), depth0))
    + "</p>";
},"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, alias3=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<!doctype html><html lang=\"en\" dir=\"ltr\" xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><title>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"subject") : depth0), depth0))
    + "</title>\u003C!--[if !mso]>\u003C!--><meta http-equiv=\"X-UA-Compatible\" content=\"IE=edge\">\u003C!--<![endif]--><meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style type=\"text/css\">\n#outlook a { padding:0; }\nbody { margin:0;padding:0;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%; }\ntable, td { border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt; }\nimg { border:0;height:auto;line-height:100%; outline:none;text-decoration:none;-ms-interpolation-mode:bicubic; }\np { display:block;margin:13px 0; }\n</style>\u003C!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript><![endif]-->\u003C!--[if lte mso 11]><style type=\"text/css\">\n.mj-outlook-group-fix { width:100% !important; }\n</style><![endif]--><style type=\"text/css\">\n@media only screen and (min-width:480px) {\n.mj-column-per-100 { width:100% !important; max-width: 100%; }\n}\n</style><style media=\"screen and (min-width:480px)\">\n.moz-text-html .mj-column-per-100 { width:100% !important; max-width: 100%; }\n</style><style type=\"text/css\">\n:root { color-scheme: light dark; supported-color-schemes: light dark; }\na.title:hover { text-decoration: underline !important; }\n@media (max-width: 480px) {\n.pad { padding-left: 16px !important; padding-right: 16px !important; }\n.card { border-radius: 0 !important; }\n}\n@media (prefers-color-scheme: dark) {\nbody, .page > div { background-color: #0e1116 !important; }\n.card, .card > table { background: #161b22 !important; }\n.ink div, .ink h1, .ink h3 { color: #e6edf3 !important; }\n.ink h2, .ink .quiet, .ink .why { color: #a3adb8 !important; }\n.ink .why { border-left-color: #3d4651 !important; }\n.ink a { color: #8ab8ff !important; }\n.ink .chip { background-color: #3b2e08 !important; color: #f4d277 !important; }\n.ink a.button { background-color: #1f5fbf !important; color: #ffffff !important; }\n}\n[data-ogsc] .ink div, [data-ogsc] .ink h1, [data-ogsc] .ink h3 { color: #e6edf3 !important; }\n[data-ogsc] .ink h2, [data-ogsc] .ink .quiet, [data-ogsc] .ink .why { color: #a3adb8 !important; }\n[data-ogsc] .ink a { color: #8ab8ff !important; }\n[data-ogsb] .card, [data-ogsb] .card > table { background: #161b22 !important; }\n</style><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\"></head><body class=\"page\" style=\"word-spacing:normal;background-color:#eef1f4;\"><div style=\"display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0px;max-width:0px;opacity:0;overflow:hidden;\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"preheader") : depth0), depth0))
    + "</div><div aria-label=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"subject") : depth0), depth0))
    + "\" aria-roledescription=\"email\" role=\"article\" lang=\"en\" dir=\"ltr\" style=\"word-spacing:normal;background-color:#eef1f4;\">\u003C!--[if mso | IE]><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" class=\"ink-outlook\" role=\"presentation\" style=\"width:640px;\" width=\"640\" ><tr><td style=\"line-height:0px;font-size:0px;mso-line-height-rule:exactly;\"><![endif]--><div class=\"ink\" style=\"margin:0px auto;max-width:640px;\"><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"width:100%;\"><tbody><tr><td style=\"direction:ltr;font-size:0px;padding:0;text-align:center;\">\u003C!--[if mso | IE]><table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"\" style=\"vertical-align:top;width:640px;\" ><![endif]--><div class=\"mj-column-per-100 mj-outlook-group-fix\" style=\"font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" width=\"100%\"><tbody><tr><td style=\"vertical-align:top;padding:0;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style width=\"100%\"><tbody><tr><td align=\"left\" class=\"pad\" style=\"font-size:0px;padding:28px 28px 18px;word-break:break-word;\"><div style=\"font-family:-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;font-size:15px;line-height:1.5;text-align:left;color:#1b1f24;\"><p class=\"quiet\" style=\"color: #57606a; font-size: 14px; margin: 0;\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"sender") : depth0), depth0))
    + " · "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"date") : depth0), depth0))
    + "</p><h1 style=\"font-size: 22px; line-height: 1.3; font-weight: 700; color: #1b1f24; margin: 2px 0 0;\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"heading") : depth0), depth0))
    + "</h1></div></td></tr></tbody></table></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><![endif]--></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><![endif]-->\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"sections") : depth0),{"name":"each","hash":{},"fn":container.program(0, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":37,"column":0},"end":{"line":49,"column":9}}})) != null ? stack1 : "")
    + "\u003C!--[if mso | IE]><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" class=\"ink-outlook\" role=\"presentation\" style=\"width:640px;\" width=\"640\" ><tr><td style=\"line-height:0px;font-size:0px;mso-line-height-rule:exactly;\"><![endif]--><div class=\"ink\" style=\"margin:0px auto;max-width:640px;\"><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"width:100%;\"><tbody><tr><td style=\"direction:ltr;font-size:0px;padding:0;text-align:center;\">\u003C!--[if mso | IE]><table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"\" style=\"vertical-align:top;width:640px;\" ><![endif]--><div class=\"mj-column-per-100 mj-outlook-group-fix\" style=\"font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" width=\"100%\"><tbody><tr><td style=\"vertical-align:top;padding:0;\"><table border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style width=\"100%\"><tbody><tr><td align=\"left\" class=\"pad\" style=\"font-size:0px;padding:6px 28px 32px;word-break:break-word;\"><div style=\"font-family:-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;font-size:15px;line-height:1.5;text-align:left;color:#1b1f24;\">"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"rest") : depth0),{"name":"if","hash":{},"fn":container.program(11, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":50,"column":1305},"end":{"line":50,"column":1421}}})) != null ? stack1 : "")
    + "\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"notes") : depth0),{"name":"each","hash":{},"fn":container.program(12, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":51,"column":0},"end":{"line":51,"column":111}}})) != null ? stack1 : "")
    + "\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"schedule") : depth0),{"name":"if","hash":{},"fn":container.program(13, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":52,"column":0},"end":{"line":52,"column":114}}})) != null ? stack1 : "")
    + "\n<p class=\"quiet\" style=\"margin: 6px 0 0; color: #57606a; font-size: 14px;\"><a href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"preferences") : depth0), depth0))
    + "\" style=\"color: #0a4fb5;\">Preferences, pause or weekly</a> · <a href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"unsubscribe") : depth0), depth0))
    + "\" style=\"color: #0a4fb5;\">Unsubscribe</a> · <a href=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"web") : depth0), depth0))
    + "\" style=\"color: #0a4fb5;\">Read on the web</a></p>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"imprint") : depth0),{"name":"if","hash":{},"fn":container.program(14, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":54,"column":0},"end":{"line":54,"column":112}}})) != null ? stack1 : "")
    + "</div></td></tr></tbody></table></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><![endif]--></td></tr></tbody></table></div>\u003C!--[if mso | IE]></td></tr></table><![endif]--></div></body></html>";
},"useData":true});
