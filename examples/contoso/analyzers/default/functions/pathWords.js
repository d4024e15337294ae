// Complains about words of a path such as /shoppingCarts/{cartId}; parameters may be named freely.
const WORD = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export default (path) => {
  const odd = String(path)
    .split("/")
    .filter((step) => step !== "" && !step.startsWith("{"))
    .filter((step) => !WORD.test(step));
  return odd.map((step) => ({ message: `${step} in ${path} is not in lower case with hyphens` }));
};
